// Nothing to call: C11's threads and the slow paths of Swift's Mutex are defined here for the thread sanitizer.
