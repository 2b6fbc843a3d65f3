/* Before musl's header of this name. On 32 bits musl gives times of 64 bits other names, `__time64` for `time`; Android's
 * C library has the plain names alone. What is compiled with this is looked at and weighed, and never run. */
#include_next <features.h>
#undef __REDIR
#define __REDIR(name, other)
