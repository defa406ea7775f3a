// Nothing to call: the functions of <threads.h> are defined here for the thread sanitizer, see C11Threads.c.
