-- One schema for both engines; {…} is what differs.
-- Times are milliseconds since 1970, money is nano-dollars, hashes are the first 8 bytes of SHA-256.
CREATE TABLE account (
	id      {serial},
	tenant  TEXT NOT NULL,
	account TEXT NOT NULL,
	pruned  BIGINT NOT NULL DEFAULT 0, -- versions that ended before are not kept
	UNIQUE (tenant, account)
);
CREATE TABLE scan (
	id     {serial},
	tenant TEXT NOT NULL,
	job    TEXT NOT NULL,
	run    BIGINT NOT NULL,          -- a retry of the job is its next run
	at     BIGINT NOT NULL,          -- when the run began
	done   BIGINT,                   -- NULL until every account is in
	UNIQUE (tenant, job, run)
);
CREATE TABLE coverage (                  -- what was looked at, and how that ended; most scans share one
	hash  BIGINT PRIMARY KEY,
	cells {blob} NOT NULL             -- zstd of JSON: region -> outcome -> types
);
CREATE TABLE observation (               -- a scan of an account that is in: written in the same transaction as its changes
	account  BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	scan     BIGINT NOT NULL,
	coverage BIGINT NOT NULL,
	PRIMARY KEY (account, at, scan),
	UNIQUE (scan, account)
) {clustered};
CREATE TABLE cell (                      -- only cells that have held something
	id        {serial},
	account   BIGINT NOT NULL,
	region    TEXT NOT NULL,
	type      TEXT NOT NULL,
	digest    BIGINT NOT NULL DEFAULT 0, -- sum of the hashes of what is in it: equal, and nothing has changed
	resources BIGINT NOT NULL DEFAULT 0,
	issued    BIGINT NOT NULL DEFAULT 0, -- resource IDs given out: a resource's ID is cell << 28 | n
	UNIQUE (account, region, type)
);
CREATE TABLE resource (
	cell       BIGINT NOT NULL,
	rid        TEXT NOT NULL,        -- what AWS knows it by
	id         BIGINT NOT NULL,
	first_seen BIGINT NOT NULL,
	since      BIGINT NOT NULL,      -- valid_from of its open version, or when it was found to be gone
	hash       BIGINT,               -- of its open version; NULL when it is gone
	PRIMARY KEY (cell, rid)
) {clustered};
CREATE TABLE version (
	resource    BIGINT NOT NULL,
	valid_from  BIGINT NOT NULL,
	valid_to    BIGINT NOT NULL,     -- 9223372036854775807 while it is open
	account     BIGINT NOT NULL,
	hash        BIGINT NOT NULL,
	state_since BIGINT NOT NULL,     -- since when, over versions, it is in this state
	cost        BIGINT,              -- NULL: not known
	state       TEXT NOT NULL,
	body        {blob} NOT NULL,      -- zstd of the row, with a dictionary
	PRIMARY KEY (resource, valid_from)
) {clustered};
CREATE INDEX version_began ON version (account, valid_from);
CREATE INDEX version_ended ON version (account, valid_to) WHERE valid_to < 9223372036854775807;
CREATE TABLE rollup (                    -- what a day changed: sums of it are totals
	cell      BIGINT NOT NULL,
	day       BIGINT NOT NULL,       -- since 1970
	resources BIGINT NOT NULL,
	unpriced  BIGINT NOT NULL,
	cost      BIGINT NOT NULL,
	PRIMARY KEY (cell, day)
) {clustered};
CREATE TABLE trend (                     -- the same for a tenant, by one dimension
	tenant    TEXT NOT NULL,
	dimension TEXT NOT NULL,         -- type, region, account, tag:KEY; of findings with "saving " before it
	key       TEXT NOT NULL,
	day       BIGINT NOT NULL,
	resources BIGINT NOT NULL,
	unpriced  BIGINT NOT NULL,
	cost      BIGINT NOT NULL,
	PRIMARY KEY (tenant, dimension, key, day)
) {clustered};
CREATE TABLE dictionary (
	id    BIGINT PRIMARY KEY,
	bytes {blob} NOT NULL
);
