package main

import (
	"iter"
	"strconv"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// estate is a made-up organisation whose resources change from day to day. It holds nothing: a
// resource's number and the day say what it is.
type estate struct {
	resources, accounts int
	changing            float64 // the share of resources that a day changes
}

const day = 24 * 60 * 60 * 1000

// rare is a type of which only each hundredth cell has something.
const rare = "SQS_Queue"

var (
	regions = []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2",
		"eu-west-3", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2",
	}
	types  = []tracker.Type{"EBS_Snapshot", "EBS_Volume", "EC2_Instance", "Lambda_Function", "Log_Group", "S3_Bucket", "Security_Group", rare}
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

// accountID is the number of an account, as AWS has it.
func accountID(n int) string { return strconv.Itoa(100_000_000_000 + n) }

// scan is the scan of a day.
func (e estate) scan(n int) history.Scan {
	accounts, number := make([]string, e.accounts), map[string]int{}
	for i := range accounts {
		accounts[i] = accountID(i)
		number[accounts[i]] = i
	}
	cells := make([]history.Cell, 0, len(regions)*len(types))
	order := map[history.Place]int{}
	for _, r := range regions {
		for _, t := range types {
			p := history.Place{Region: r, Type: t}
			order[p] = len(cells)
			cells = append(cells, history.Cell{Place: p, Outcome: tracker.OutcomeOK})
		}
	}
	return history.Scan{
		Tenant: "default", Job: "scan-" + strconv.Itoa(n), At: dayOf(n), Accounts: accounts,
		Cells: func(string) []history.Cell { return cells },
		Rows: func(account string, c history.Cell) iter.Seq2[history.Row, error] {
			return e.rows(number[account], order[c.Place], c, n)
		},
	}
}

// dayOf is when the scan of a day began.
func dayOf(n int) int64 { return int64(20_000+n) * day }

// rows are the resources of a cell on a day. Every cell of an account has as many, but for those of the rare type.
func (e estate) rows(account, order int, c history.Cell, n int) iter.Seq2[history.Row, error] {
	per := len(regions) * len(types)
	cell, cells := account*per+order, e.accounts*per
	from, to := cell*e.resources/cells, (cell+1)*e.resources/cells
	return func(yield func(history.Row, error) bool) {
		if c.Type == rare && account%100 > 0 {
			c.Type = types[0] // as many resources, of another type's shape
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
func (e estate) row(buf []byte, account, id int, c history.Cell, n int) (history.Row, bool) {
	changes := 0
	if e.changing > 0 {
		period := max(1, int(1/e.changing))
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
	put(`","resource_name":"node-`, short, `","resource_type":"`, string(c.Type), `","account_id":"`, accountID(account), `","region":"`, c.Region,
		`","arn":"arn:aws:ec2:`, c.Region, `:`, accountID(account), `:thing/res-`)
	b = append(b, name[:]...)
	put(`","state":"`, state, `","creation_date":"2025-0`, strconv.Itoa(1+id%9), `-0`, strconv.Itoa(1+id%7), `T12:`, strconv.Itoa(10+id%50), `:00Z","tags":{"Environment":"prod","Name":"node-`, short,
		`","team":"`, teams[mix(id, 4)%8], `"},"estimated_cost_monthly":`, dollars, `,"cost":{"basis":"list","source":"embedded","as_of":"2026-10-01","components":[{"name":"hours","unit":"Hrs","quantity":730,"monthly":`, dollars,
		`}]},"metadata":{"availability_zone":"`, c.Region, `a","encrypted":`, strconv.FormatBool(id%2 == 0), `,"size_gb":`, strconv.Itoa(int(mix(id, 5)%1000)), `,"subnet_id":"subnet-`, string(name[4:12]), `","vpc_id":"vpc-`, string(name[:8]), `"}}`)
	return history.Row{ID: "res-" + string(name[:]), State: state, Cost: &cost, Hash: int64(mix(id, 1000+changes)), JSON: b}, true
}
