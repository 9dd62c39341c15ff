// Package estate makes up an organisation whose resources change from day to day, for benchmarks of
// what is kept of it.
package estate

import (
	"iter"
	"strconv"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Estate is a made-up organisation. It holds nothing: a resource's number and the day say what it is.
type Estate struct {
	Resources, Accounts int
	Changing            float64 // the share of resources that a day changes
}

// Day is one, in the milliseconds that a history counts in.
const Day = 24 * 60 * 60 * 1000

// Rare is a type of which only each hundredth cell has something.
const Rare = "SQS_Queue"

// What the organisation has in every account.
var (
	Regions = []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2",
		"eu-west-3", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2",
	}
	Types = []tracker.Type{"EBS_Snapshot", "EBS_Volume", "EC2_Instance", "Lambda_Function", "Log_Group", "S3_Bucket", "Security_Group", Rare}
)

var (
	teams  = []string{"checkout", "search", "data", "platform", "mobile", "billing", "growth", "infra"}
	states = []string{"in-use", "available", "running", "stopped"}
)

// mix is a number that looks random, the same for the same numbers.
func mix(id, of int) uint64 {
	v := uint64(id)*0x9e3779b97f4a7c15 + uint64(of)*0xbf58476d1ce4e5b9
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// AccountID is the number of an account, as AWS has it.
func AccountID(n int) string { return strconv.Itoa(100_000_000_000 + n) }

// Scan is the scan of a day.
func (e Estate) Scan(n int) history.Scan {
	accounts, number := make([]string, e.Accounts), map[string]int{}
	for i := range accounts {
		accounts[i] = AccountID(i)
		number[accounts[i]] = i
	}
	cells := make([]history.Cell, 0, len(Regions)*len(Types))
	order := map[history.Place]int{}
	for _, r := range Regions {
		for _, t := range Types {
			p := history.Place{Region: r, Type: t}
			order[p] = len(cells)
			cells = append(cells, history.Cell{Place: p, Outcome: tracker.OutcomeOK})
		}
	}
	return history.Scan{
		Tenant: "default", Job: "scan-" + strconv.Itoa(n), At: DayOf(n), Accounts: accounts,
		Cells: func(string) []history.Cell { return cells },
		Rows: func(account string, c history.Cell) iter.Seq2[history.Row, error] {
			return e.rows(number[account], order[c.Place], c, n)
		},
	}
}

// DayOf is when the scan of a day began.
func DayOf(n int) int64 { return int64(20_000+n) * Day }

// rows are the resources of a cell on a day. Every cell of an account has as many, but for those of the rare type.
func (e Estate) rows(account, order int, c history.Cell, n int) iter.Seq2[history.Row, error] {
	per := len(Regions) * len(Types)
	cell, cells := account*per+order, e.Accounts*per
	from, to := cell*e.Resources/cells, (cell+1)*e.Resources/cells
	return func(yield func(history.Row, error) bool) {
		if c.Type == Rare && account%100 > 0 {
			c.Type = Types[0] // as many resources, of another type's shape
		}
		var buf []byte
		for id := from; id < to; id++ {
			row, here := e.row(buf[:0], account, id, c, n)
			if here && !yield(row, nil) {
				return
			}
			buf = row.JSON
		}
	}
}

// row is a resource on a day, unless it is not there. It changes again and again after as many days as the share that
// changes says: of ten changes one is that it goes until the next, and the others are of its state.
func (e Estate) row(buf []byte, account, id int, c history.Cell, n int) (history.Row, bool) {
	changes := 0
	if e.Changing > 0 {
		period := max(1, int(1/e.Changing))
		changes = (n + int(mix(id, 1)%uint64(period))) / period
	}
	if changes > 0 && mix(id, 100+changes)%10 == 0 {
		return history.Row{JSON: buf}, false
	}
	const hex = "0123456789abcdef"
	var name [16]byte
	for i, v := 0, mix(id, 2); i < len(name); i, v = i+1, v>>4 {
		name[i] = hex[v&15]
	}
	state := states[(id+changes)%len(states)]
	cost := int64(1+mix(id, 3)%500) * 1_000_000_000 / 7
	dollars := strconv.FormatFloat(float64(cost)/1e9, 'f', -1, 64)
	b := buf
	put := func(parts ...string) {
		for _, p := range parts {
			b = append(b, p...)
		}
	}
	put(`{"resource_id":"res-`)
	b = append(b, name[:]...)
	short := string(name[:6])
	put(`","resource_name":"node-`, short, `","resource_type":"`, string(c.Type), `","account_id":"`, AccountID(account), `","region":"`, c.Region,
		`","arn":"arn:aws:ec2:`, c.Region, `:`, AccountID(account), `:thing/res-`)
	b = append(b, name[:]...)
	put(`","state":"`, state, `","creation_date":"2025-0`, strconv.Itoa(1+id%9), `-0`, strconv.Itoa(1+id%7), `T12:`, strconv.Itoa(10+id%50), `:00Z","tags":{"Environment":"prod","Name":"node-`, short,
		`","team":"`, teams[mix(id, 4)%8], `"},"estimated_cost_monthly":`, dollars, `,"cost":{"basis":"list","source":"embedded","as_of":"2026-10-01","components":[{"name":"hours","unit":"Hrs","quantity":730,"monthly":`, dollars,
		`}]},"metadata":{"availability_zone":"`, c.Region, `a","encrypted":`, strconv.FormatBool(id%2 == 0), `,"size_gb":`, strconv.Itoa(int(mix(id, 5)%1000)), `,"subnet_id":"subnet-`, string(name[4:12]), `","vpc_id":"vpc-`, string(name[:8]), `"}}`)
	return history.Row{ID: "res-" + string(name[:]), State: state, Cost: &cost, Hash: int64(mix(id, 1000+changes)), JSON: b}, true
}

// Examples are rows of every type, to compress others with.
func (e Estate) Examples() (all []byte) {
	for i, c := range e.Scan(0).Cells("")[:len(Types)] {
		row, _ := e.row(nil, i, i*7, c, 0)
		all = append(append(all, row.JSON...), '\n')
	}
	return all
}
