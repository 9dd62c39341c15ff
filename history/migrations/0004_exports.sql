CREATE TABLE export (                    -- a day that was written out, or is being
	tenant  TEXT NOT NULL,
	day     BIGINT NOT NULL,         -- since 1970
	scans   BIGINT NOT NULL,         -- how many of the week to it were in: more, and the day is written again
	claimed BIGINT NOT NULL,         -- until when somebody writes it
	done    BIGINT,
	PRIMARY KEY (tenant, day)
) {clustered};
CREATE TABLE bill (                      -- a folder of files that say what was billed in a period
	period  TEXT PRIMARY KEY,
	mark    TEXT NOT NULL,           -- of the files as they were read
	reading BIGINT NOT NULL,         -- which rows of billed count
	claimed BIGINT NOT NULL,         -- until when somebody reads it
	done    BIGINT,                  -- when it was last read
	fault   TEXT NOT NULL DEFAULT '' -- why it could not be read since; that of period '' is of all files together
) {clustered};
CREATE TABLE bill_reading (              -- a reading that has begun and not ended
	id     BIGINT PRIMARY KEY,       -- at random: never used again, which SQLite's own numbers are
	period TEXT NOT NULL
) {clustered};
CREATE TABLE billed (
	reading   BIGINT NOT NULL,
	account   TEXT NOT NULL,         -- a tenant sees those that it has in its history
	day       BIGINT NOT NULL,
	service   TEXT NOT NULL,
	region    TEXT NOT NULL,
	category  TEXT NOT NULL,         -- of FOCUS: Usage, Purchase, Tax, Credit, Adjustment
	currency  TEXT NOT NULL,
	billed    BIGINT NOT NULL,       -- in thousand-millionths
	effective BIGINT NOT NULL,
	list      BIGINT,                -- NULL: the files do not say
	PRIMARY KEY (reading, account, day, service, region, category, currency)
) {clustered};
CREATE INDEX billed_day ON billed (account, day);
