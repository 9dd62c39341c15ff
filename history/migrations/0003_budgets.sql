CREATE TABLE looked (                    -- days on which a scan saw something of an account; versions and looks go sooner
	account BIGINT NOT NULL,
	day     BIGINT NOT NULL,         -- since 1970
	PRIMARY KEY (account, day)
) {clustered};
INSERT INTO looked (account, day) SELECT DISTINCT account, at / 86400000 FROM observation;
CREATE TABLE budget (
	id      TEXT PRIMARY KEY,
	tenant  TEXT NOT NULL,
	created BIGINT NOT NULL,
	edition BIGINT NOT NULL,         -- counts its changes: who changes it says which one was read
	seen    BIGINT NOT NULL DEFAULT 0, -- when its days were last reckoned
	body    TEXT NOT NULL
);
CREATE INDEX budget_tenant ON budget (tenant, created, id);
CREATE TABLE budget_day (                -- what meets a budget's filter at the end of a day
	budget    TEXT NOT NULL,
	day       BIGINT NOT NULL,
	resources BIGINT NOT NULL,
	unpriced  BIGINT NOT NULL,
	cost      BIGINT NOT NULL,
	PRIMARY KEY (budget, day)
) {clustered};
CREATE TABLE budget_crossing (           -- a threshold that was crossed in a month: once
	budget    TEXT NOT NULL,
	month     BIGINT NOT NULL,       -- its first day
	threshold TEXT NOT NULL,
	at        BIGINT NOT NULL,
	told      BIGINT NOT NULL DEFAULT 0,
	body      TEXT NOT NULL,         -- what is told
	PRIMARY KEY (budget, month, threshold)
) {clustered};
CREATE INDEX budget_untold ON budget_crossing (told, at);
