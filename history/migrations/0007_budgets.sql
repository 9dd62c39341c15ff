CREATE TABLE budget (
	id       TEXT PRIMARY KEY,
	tenant   TEXT NOT NULL,
	name     TEXT NOT NULL,
	created  BIGINT NOT NULL,
	edition  BIGINT NOT NULL,             -- counts its changes
	reckoned BIGINT NOT NULL DEFAULT 0,   -- when its days were last reckoned; 0: never
	scans    BIGINT NOT NULL DEFAULT -1,  -- how many scans of the tenant were in then
	claimed  BIGINT NOT NULL DEFAULT 0,   -- until when a worker reckons it
	body     TEXT NOT NULL,
	UNIQUE (tenant, name)
);
CREATE INDEX budget_tenant ON budget (tenant, created, id);
CREATE TABLE budget_day (                -- what meets a budget's filter at the end of a day
	budget    TEXT NOT NULL,
	day       BIGINT NOT NULL,            -- since 1970
	resources BIGINT NOT NULL,
	unpriced  BIGINT NOT NULL,
	cost      BIGINT NOT NULL,
	PRIMARY KEY (budget, day)
) {clustered};
CREATE TABLE budget_crossing (           -- a threshold that was crossed in a month: once
	budget    TEXT NOT NULL,
	month     BIGINT NOT NULL,            -- its first day
	threshold TEXT NOT NULL,
	edition   BIGINT NOT NULL,            -- of the budget
	at        BIGINT NOT NULL,
	told      BIGINT NOT NULL DEFAULT 0,  -- when webhooks were told; 0: not yet
	body      TEXT NOT NULL,              -- what they are told
	PRIMARY KEY (budget, month, threshold)
) {clustered};
CREATE INDEX budget_untold ON budget_crossing (told, at);
