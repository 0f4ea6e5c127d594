/* store_gate.h - whether a database is one of ours: a file from elsewhere is input like any other.
 */
#ifndef VENN_STORE_STORE_GATE_H
#define VENN_STORE_STORE_GATE_H

struct cov_error;
struct store;

/**
 * store_gate_check() - refuse a database of the current version whose schema is not exactly ours.
 *
 * Tables have to be tables, views as we write them, and there is nothing else but the tables of
 * ANALYZE: no trigger, no further table, view or index. What the tables hold is not looked at here;
 * see struct statement_row. From then on the connection attaches no other database.
 *
 * Return: 0; COV_ERR_STORE with the first object that is not as it should be.
 */
int store_gate_check(struct store *store, struct cov_error *err);

#endif
