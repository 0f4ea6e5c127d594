/* inline.h - functions that end up inside others. */
static inline int clamp(int value, int low, int high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

static inline int sum_to(int last) { int sum = 0; for (int i = 0; i <= last; i++) sum += i; return sum; }
