-- Which schedule a scan is a run of: what its runs have seen is compared with one another.
ALTER TABLE scan ADD COLUMN schedule TEXT; -- NULL: of none
CREATE INDEX scan_schedule ON scan (tenant, schedule) WHERE schedule IS NOT NULL;
