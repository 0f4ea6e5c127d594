/* poisson.c - the conditional test of two rates. */
#include "differ/poisson.h"

#include <float.h>
#include <math.h>

enum {
	FRACTION_STEPS_MAX = 1 << 20,
	CHANCE_STEPS = 10,
	STIRLING_MIN = 16, /* from here on the series has all digits of a double */
};

/* Both shapes above this: the normal distribution is nearer than rounding lets the fraction be. */
static const double normal_min = 1e9;

/* What Stirling's formula for log(gamma(x)) lacks. Source: DLMF 5.11.1. */
static double stirling_rest(double x)
{
	if (x < STIRLING_MIN)
		return lgamma(x) - ((x - 0.5) * log(x) - x + 0.5 * log(2 * M_PI));
	double square = x * x;

	return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / x;
}

/* @value * log(@value / @mean), exact even where they are nearly the same. */
static double log_ratio(double value, double mean, double difference)
{
	if (fabs(difference) < mean / 2)
		return value * log1p(difference / mean);
	return value * log(value / mean);
}

/*
 * log of x^a (1 - x)^b / B(a, b), as the deviance from the mean: the logarithms of gamma themselves
 * are so large that their difference would have no digits left.
 * Source: Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
 */
static double log_density(double a, double b, double x)
{
	double n = a + b, difference = a * (1 - x) - b * x; /* a - n x, and n (1 - x) - b */

	return 0.5 * log(a / n * b / (2 * M_PI)) + stirling_rest(n) - stirling_rest(a) -
	       stirling_rest(b) - log_ratio(a, n * x, difference) -
	       log_ratio(b, n * (1 - x), -difference);
}

static double not_zero(double value)
{
	return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* Source: DLMF 8.17.22, evaluated by the method of Lentz as modified by Thompson and Barnett. */
static double continued_fraction(double a, double b, double x)
{
	double numerator = 1, denominator = 1 / not_zero(1 - (a + b) * x / (a + 1));
	double fraction = denominator;

	for (int i = 1; i <= FRACTION_STEPS_MAX; i++) {
		double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
		double odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));

		denominator = 1 / not_zero(1 + even * denominator);
		numerator = not_zero(1 + even / numerator);
		fraction *= denominator * numerator;
		denominator = 1 / not_zero(1 + odd * denominator);
		numerator = not_zero(1 + odd / numerator);
		fraction *= denominator * numerator;
		if (fabs(denominator * numerator - 1) < 4 * DBL_EPSILON)
			break;
	}
	return fraction;
}

/* The regularised incomplete beta function I_x(a, b). */
static double incomplete_beta(double a, double b, double x)
{
	if (a > normal_min && b > normal_min) {
		double z = (a * (1 - x) - b * x) / sqrt((a + b) * x * (1 - x));

		return erfc(z / M_SQRT2) / 2;
	}
	double front = exp(log_density(a, b, x));

	/* The fraction converges fast only on its side of the mean. */
	if (x < (a + 1) / (a + b + 2))
		return front * continued_fraction(a, b, x) / a;
	return 1 - front * continued_fraction(b, a, 1 - x) / b;
}

double cov_binomial_tail(double least, double count, double probability)
{
	if (least <= 0)
		return 1;
	if (least > count)
		return 0;
	return fmax(0, fmin(1, incomplete_beta(least, count - least + 1, probability)));
}

double cov_poisson_p(struct cov_observation trial, struct cov_observation baseline)
{
	double seconds = (double)trial.duration_ns + (double)baseline.duration_ns;

	return cov_binomial_tail((double)trial.count, (double)trial.count + (double)baseline.count,
				 (double)trial.duration_ns / seconds);
}

double cov_poisson_chance(double count, double share, double p_most)
{
	/* Below the mean by one it is not above the median; ten deviations above it is rare. */
	double mean = count * share;
	double low = floor(mean) - 1, high = ceil(mean + 10 * sqrt(mean) + 10);

	if (low < 0)
		low = 0; /* where all p-values are 1 */
	if (count < 0 || count > normal_min)
		return -1;
	for (int i = 0; i < CHANCE_STEPS && high - low > 1; i++) {
		double middle = floor((low + high) / 2);

		/* With a margin for rounding. */
		if (cov_binomial_tail(middle, count, share) > p_most * (1 + 1e-9))
			low = middle;
		else
			high = middle;
	}
	return low;
}
