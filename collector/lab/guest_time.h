/* guest_time.h - what is known from outside of a guest's time: its processor's, its kernel's. */
#ifndef COLLECTOR_LAB_GUEST_TIME_H
#define COLLECTOR_LAB_GUEST_TIME_H

/**
 * guest_time_tsc_khz() - the rate of this machine's time stamp counter, against its clock.
 *
 * An emulated processor counts at this rate, too. On a busy machine a kernel inside it measures a
 * wrong one at boot, which a machine nested in it is then told and waits for ever.
 *
 * Takes 0.6 s, up to 2 s on a busy machine.
 *
 * Return: kHz; 0 if there is no such counter, or measurements contradict each other.
 */
long long guest_time_tsc_khz(void);

/**
 * guest_time_clock_address() - where the kernel counts its clock ticks, a number of 64 bits.
 * @tree: of the kernel; has its System.map
 *
 * A kernel that lives raises it at least each time that it wakes up, which an idle one does several
 * times a second. It is there only if the kernel was not moved at boot: with `nokaslr`.
 *
 * Return: physical address; 0 if it is not known.
 */
unsigned long long guest_time_clock_address(const char *tree);

#endif
