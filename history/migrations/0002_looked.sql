CREATE TABLE looked (                    -- days on which a scan saw something of an account; versions and looks go sooner
	account BIGINT NOT NULL,
	day     BIGINT NOT NULL,         -- since 1970
	PRIMARY KEY (account, day)
) {clustered};
INSERT INTO looked (account, day) SELECT DISTINCT account, at / 86400000 FROM observation;
