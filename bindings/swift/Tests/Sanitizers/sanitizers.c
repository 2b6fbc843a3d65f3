#include "sanitizers.h"

// Leaks that are not ours: those of Foundation, of what it loads, and of XCTest, whose runner looks for tests in it
// first and finds none. A leak of ours has none of them on its way.
__attribute__((used, no_sanitize("address", "thread"))) const char *__lsan_default_suppressions(void) {
    return "leak:libFoundation.so\n"
           "leak:libFoundationEssentials.so\n"
           "leak:libFoundationNetworking.so\n"
           "leak:libcurl.so\n"
           "leak:libXCTest.so\n";
}

// The core's threads end with the process; no one joins them.
__attribute__((used, no_sanitize("address", "thread"))) const char *__tsan_default_options(void) {
    return "report_thread_leaks=0";
}

// Swift's runtime hands a task from thread to thread where the sanitizer cannot see it: the generated code's one line that
// resumes a waiting task is no race.
__attribute__((used, no_sanitize("address", "thread"))) const char *__tsan_default_suppressions(void) {
    return "race:uniffiFutureContinuationCallback\n";
}
