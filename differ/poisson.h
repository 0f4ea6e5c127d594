/* poisson.h - the conditional test of two rates: is what ran in the trial more than chance? */
#ifndef DIFFER_POISSON_H
#define DIFFER_POISSON_H

#include "differ/rule.h"

/**
 * cov_poisson_p() - how probable so many executions are if the rate is that of the baseline.
 * @trial, @baseline: counts from 0
 *
 * If both are Poisson processes of one rate, each of the executions of both falls into the trial
 * with its share of the time: the p-value is the upper tail of a binomial distribution. Counts that
 * come in bursts are not a Poisson process; of these the test keeps far more than it promises.
 *
 * Source: Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson
 * series", Biometrika 31 (1940).
 */
double cov_poisson_p(struct cov_observation trial, struct cov_observation baseline);

/**
 * cov_poisson_chance() - up to how many executions in the trial are no more than chance.
 * @count:  of both together, at least
 * @share:  of the time that the trial took, at least; above 0 and below 1
 * @p_most: below 0.49
 *
 * Return: so many, or fewer, have a p-value above @p_most in each trial with that count and share;
 *         -1: there is no such number.
 */
double cov_poisson_chance(double count, double share, double p_most);

/**
 * cov_binomial_tail() - the probability of at least @least successes in @count draws.
 * @probability: of each draw, above 0 and below 1
 */
double cov_binomial_tail(double least, double count, double probability);

#endif
