/* store_transaction.h - all or nothing when writing, one moment when reading. */
#ifndef VENN_STORE_STORE_TRANSACTION_H
#define VENN_STORE_STORE_TRANSACTION_H

struct cov_error;
struct store;

/**
 * store_transaction_read() - from now on all that is read is of one moment.
 *
 * Others can write until then, but not finish: end it before what was read is printed, which may
 * take as long as somebody looks at it. A database that is open as STORE_READ is in one already.
 */
int store_transaction_read(struct store *store, struct cov_error *err);

/**
 * store_transaction_write() - from now on nobody else writes.
 *
 * What is written is decided from what is read after this. A database that is open as STORE_CREATE
 * and is empty gets its tables, which are part of the transaction.
 *
 * Return: 0; COV_ERR_STORE if another program has it locked for too long, if it may not be written
 *         to, or if it got another schema since it was opened.
 */
int store_transaction_write(struct store *store, struct cov_error *err);

/** store_transaction_commit() - keep what was written. */
int store_transaction_commit(struct store *store, struct cov_error *err);

/**
 * store_transaction_mark() - what is written from now on can be undone alone; within a transaction.
 *
 * Committing keeps it. A later mark takes the place of this one.
 */
int store_transaction_mark(struct store *store, struct cov_error *err);

/** store_transaction_undo() - undo what was written since the mark; the transaction goes on. */
int store_transaction_undo(struct store *store, struct cov_error *err);

/** store_transaction_end() - undo what was not committed, let others in. None open is fine. */
void store_transaction_end(struct store *store);

#endif
