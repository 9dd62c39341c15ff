-- Findings, kept over scans. What a scan has decided is kept like what it has seen: a rule in a region is a place of its own.
ALTER TABLE scan ADD COLUMN evaluated BIGINT;                      -- NULL until its findings are in
ALTER TABLE account ADD COLUMN evaluated BIGINT NOT NULL DEFAULT 0; -- when the newest scan began that decided on something in it
CREATE TABLE evaluation (
	account  BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	scan     BIGINT NOT NULL,
	coverage BIGINT NOT NULL,        -- its regions are "rule/region"
	PRIMARY KEY (account, at, scan)
) {clustered};
CREATE TABLE finding (
	id          {serial},
	tenant      TEXT NOT NULL,
	finding_id  TEXT NOT NULL,       -- the rule and the resource's key
	account     BIGINT NOT NULL,
	rule        TEXT NOT NULL,
	region      TEXT NOT NULL,
	type        TEXT NOT NULL,
	rid         TEXT NOT NULL,
	tags        TEXT NOT NULL,       -- of the resource: JSON
	confidence  TEXT NOT NULL,
	saving      BIGINT,              -- NULL: not known
	counted     BIGINT NOT NULL,
	opened_at   BIGINT NOT NULL,     -- since when, as far as scans saw, it is so
	seen_at     BIGINT NOT NULL,
	reopened    BIGINT NOT NULL DEFAULT 0,
	resolved_at BIGINT,
	resolution  TEXT,                -- gone, repaired
	realised    BIGINT,              -- NULL: not known
	ack_by      TEXT,
	ack_why     TEXT,
	ack_at      BIGINT,              -- NULL: it is not acknowledged
	ack_until   BIGINT,              -- NULL: for ever
	scan        BIGINT NOT NULL,     -- that saw it last
	body        {blob} NOT NULL,     -- zstd of the finding, with a dictionary
	UNIQUE (tenant, finding_id)
);
CREATE INDEX finding_open ON finding (account, id) WHERE resolved_at IS NULL;
CREATE INDEX finding_ack ON finding (tenant, ack_until) WHERE ack_until IS NOT NULL;
CREATE INDEX finding_resolved ON finding (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE TABLE waste (                     -- what a day changed of the counted findings that are open: sums of it are totals
	account  BIGINT NOT NULL,
	rule     TEXT NOT NULL,
	region   TEXT NOT NULL,
	type     TEXT NOT NULL,
	day      BIGINT NOT NULL,
	findings BIGINT NOT NULL,
	unpriced BIGINT NOT NULL,
	saving   BIGINT NOT NULL,
	PRIMARY KEY (account, rule, region, type, day)
) {clustered};
