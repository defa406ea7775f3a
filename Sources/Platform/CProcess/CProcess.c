#include "CProcess.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int CProcess_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, (unsigned long)dumpable, 0UL, 0UL, 0UL); }

int CProcess_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }

int CProcess_limit_core_files(int none) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0) return -1;
    // The hard limit stays, so that it can be taken back.
    limit.rlim_cur = none ? 0 : limit.rlim_max;
    return setrlimit(RLIMIT_CORE, &limit);
}

static const int fatal_signals[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};

static struct sigaction runtime_actions[NSIG];

/// Whether the process itself has raised it: by a fault, or by abort().
static int is_own(int number, const siginfo_t *info) {
    if (number == SIGQUIT) return 0;
    if (info->si_code > 0) return 1;
    return number == SIGABRT && info->si_code == SI_TKILL && info->si_pid == getpid();
}

static void handle(int number, siginfo_t *info, void *context) {
    if (is_own(number, info)) {
        runtime_actions[number].sa_sigaction(number, info, context);
        return;
    }
    signal(number, SIG_DFL);
    raise(number);
}

void CProcess_obey_sent_signals(void) {
    for (unsigned index = 0; index < sizeof fatal_signals / sizeof *fatal_signals; index += 1) {
        int number = fatal_signals[index];
        struct sigaction *action = &runtime_actions[number];
        // Without a handler the system does what it should.
        if (sigaction(number, NULL, action) != 0 || !(action->sa_flags & SA_SIGINFO)) continue;
        struct sigaction ours = *action;
        ours.sa_sigaction = handle;
        sigaction(number, &ours, NULL);
    }
}
