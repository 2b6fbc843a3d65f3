// What the sanitizers ask a program for before it starts. In C: Swift's code may not run that early.
const char *__lsan_default_suppressions(void);
const char *__tsan_default_options(void);
const char *__tsan_default_suppressions(void);
