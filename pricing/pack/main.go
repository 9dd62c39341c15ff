// Command pack makes pricing/data/list from sheets of list prices: CSV files
// with a column for each region. docs/pricing.md says where they come from.
//
//	go run ./pricing/pack -from DIR
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	from, to := flag.String("from", "", "the directory of the sheets"), flag.String("to", "pricing/data/list", "where to write")
	flag.Parse()
	if err := pack(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// line is one row of a sheet: a key, and what it costs in each region. A line
// that holds everywhere has its price in all.
type line struct {
	key    [4]string
	unit   string
	asOf   string
	source string
	all    string
	prices map[string]string
}

func (l line) compare(o line) int {
	return cmp.Or(slices.Compare(l.key[:], o.key[:]), cmp.Compare(o.asOf, l.asOf), cmp.Compare(l.source, o.source))
}

// sheets says of each file how its rows become lines.
var sheets = map[string]func(row map[string]string) []line{
	"ec2_linux.csv":     instance("ec2", "linux"),
	"ec2_windows.csv":   instance("ec2", "windows"),
	"ec2_suse.csv":      instance("ec2", "suse"),
	"ec2_os_fees.csv":   fees,
	"emr.csv":           instance("emr", ""),
	"instances.csv":     keyed,
	"services.csv":      keyed,
	"rds_instances.csv": database,
	"sagemaker.csv": func(r map[string]string) []line {
		return []line{{key: [4]string{"sagemaker", r["item"], r["instance_type"]}, unit: "hour"}}
	},
	"lightsail.csv": func(r map[string]string) []line {
		return []line{{key: [4]string{"lightsail", r["item"], r["bundle"], strings.TrimSpace(r["os"] + " " + r["network"])}, unit: r["unit"]}}
	},
	"workspaces.csv": workspace,
}

func instance(service, variant string) func(map[string]string) []line {
	return func(r map[string]string) []line {
		return []line{{key: [4]string{service, "instance", r["instance_type"], variant}, unit: "hour"}}
	}
}

func keyed(r map[string]string) []line {
	return []line{{key: [4]string{r["service"], r["item"], r["class"], r["variant"]}, unit: r["unit"]}}
}

// fees are what a system adds to the price of Linux.
func fees(r map[string]string) []line {
	var lines []line
	for _, system := range []string{"windows", "suse", "rhel", "rhel-ha", "ubuntu-pro", "windows-sql-web", "windows-sql-std", "windows-sql-ent", "linux-sql-web", "linux-sql-std", "linux-sql-ent"} {
		if r[system] != "" {
			lines = append(lines, line{key: [4]string{"ec2", "system-fee", r["instance_type"], system}, unit: "hour", all: r[system]})
		}
	}
	return lines
}

func database(r map[string]string) []line {
	item := "instance"
	if r["licence"] != "included" {
		item += "-" + r["licence"]
	}
	if r["deployment"] != "single-az" {
		item += "-" + r["deployment"]
	}
	return []line{{key: [4]string{"rds", item, r["instance_class"], r["engine"]}, unit: "hour"}}
}

func workspace(r map[string]string) []line {
	item := r["running_mode"]
	if r["unit"] == "hour" {
		item += "-use"
	}
	class := fmt.Sprintf("%s %svcpu %sgb", r["bundle"], r["vcpu"], r["memory_gb"])
	variant := fmt.Sprintf("%s %s+%s %s", r["os"], r["root_gb"], r["user_gb"], r["licence"])
	return []line{{key: [4]string{"workspaces", item, class, variant}, unit: r["unit"]}}
}

func pack(from, to string) error {
	var all []line
	regions := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		rows, columns, err := read(filepath.Join(from, name))
		if err != nil {
			return err
		}
		for _, r := range rows {
			for _, l := range sheets[name](r) {
				l.asOf, l.source, l.prices = r["as_of"], r["source"], map[string]string{}
				for _, c := range columns {
					if region(c) && r[c] != "" {
						l.prices[c], regions[c] = r[c], true
					}
				}
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, line.compare)
	if err := compress(filepath.Join(to, "keys.csv.gz"), func(b *bytes.Buffer) {
		for _, l := range all {
			fmt.Fprintln(b, strings.Join([]string{l.key[0], l.key[1], l.key[2], l.key[3], l.unit, l.asOf, l.source, l.all}, ","))
		}
	}); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(regions)) {
		if err := compress(filepath.Join(to, name+".csv.gz"), func(b *bytes.Buffer) {
			for _, l := range all {
				if l.all == "" {
					fmt.Fprintln(b, l.prices[name])
				}
			}
		}); err != nil {
			return err
		}
	}
	sources, err := os.ReadFile(filepath.Join(from, "sources.csv"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "sources.csv"), sources, 0o600)
}

// region reports whether a column is a region: its name ends in a number.
func region(column string) bool {
	i := strings.LastIndexByte(column, '-')
	return i > 0 && len(column) == i+2 && column[i+1] >= '1' && column[i+1] <= '9'
}

// read returns the rows of a sheet by the names of its columns.
func read(path string) (rows []map[string]string, columns []string, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	in := csv.NewReader(bytes.NewReader(b))
	in.Comment = '#'
	records, err := in.ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	columns = records[0]
	for _, record := range records[1:] {
		r := make(map[string]string, len(columns))
		for i, c := range columns {
			if strings.Contains(record[i], ",") {
				return nil, nil, fmt.Errorf("%s: a comma in %q", path, record[i])
			}
			r[c] = record[i]
		}
		rows = append(rows, r)
	}
	return rows, columns, nil
}

func compress(path string, write func(*bytes.Buffer)) error {
	var text, packed bytes.Buffer
	write(&text)
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o600)
}
