/* FFTW's planner shares state between threads, its execution does not: making and destroying plans goes between these.
 */
#ifndef DREAMRIG_FFT_PLANNER_H
#define DREAMRIG_FFT_PLANNER_H

void fft_planner_lock(void);
void fft_planner_unlock(void);

#endif
