-- What was deleted, and when: a scan that began before is not brought in any more. An empty account is all of a tenant's.
CREATE TABLE forgotten (
	tenant  TEXT NOT NULL,
	account TEXT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (tenant, account)
) {clustered};
