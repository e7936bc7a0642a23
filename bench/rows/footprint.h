/* SPDX-License-Identifier: MIT */
/* What the library costs apart from its calls. */
#ifndef BENCH_FOOTPRINT_H
#define BENCH_FOOTPRINT_H

/* Microseconds of arpq_open and arpq_close together: median of n. */
double footprint_open_us(unsigned n);

/* Descriptors that an open handle holds. */
int footprint_descriptors(void);

/* Bytes of the shared library as strip(1) leaves it; 0 when it is not a shared library here. */
long footprint_library_bytes(void);

#endif
