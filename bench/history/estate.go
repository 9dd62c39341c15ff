package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
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

var (
	regions = []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2",
		"eu-west-3", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2",
	}
	types = []tracker.Type{"EBS_Snapshot", "EBS_Volume", "EC2_Instance", "Lambda_Function", "Log_Group", "S3_Bucket", "Security_Group", "SQS_Queue"}
	teams = []string{"checkout", "search", "data", "platform", "mobile", "billing", "growth", "infra"}
)

// mix is a number that looks random, the same for the same things.
func mix(of ...int) uint64 {
	h := fnv.New64a()
	for _, n := range of {
		_, _ = h.Write(strconv.AppendInt(nil, int64(n), 36))
		_, _ = h.Write([]byte{' '})
	}
	return h.Sum64()
}

// scan is the scan of a day.
func (e estate) scan(n int) history.Scan {
	accounts := make([]string, e.accounts)
	number := map[string]int{}
	for i := range accounts {
		accounts[i] = fmt.Sprintf("%012d", 100_000_000_000+i)
		number[accounts[i]] = i
	}
	return history.Scan{
		Tenant: "default", Job: fmt.Sprintf("scan-%d", n), At: int64(20_000+n) * day, Accounts: accounts,
		Cells: func(string) []history.Cell {
			cells := make([]history.Cell, 0, len(regions)*len(types))
			for _, r := range regions {
				for _, t := range types {
					cells = append(cells, history.Cell{Place: history.Place{Region: r, Type: t}, Outcome: tracker.OutcomeOK})
				}
			}
			return cells
		},
		Rows: func(account string, c history.Cell) iter.Seq2[history.Row, error] {
			return e.rows(number[account], c, n)
		},
	}
}

// rows are the resources of a cell on a day: every cell of an account has as many.
func (e estate) rows(account int, c history.Cell, n int) iter.Seq2[history.Row, error] {
	cells := e.accounts * len(regions) * len(types)
	cell := account*len(regions)*len(types) + index(regions, c.Region)*len(types) + index(types, c.Type)
	from, to := cell*e.resources/cells, (cell+1)*e.resources/cells
	return func(yield func(history.Row, error) bool) {
		for id := from; id < to; id++ {
			if row, here := e.row(account, id, c, n); here && !yield(row, nil) {
				return
			}
		}
	}
}

// row is a resource on a day, unless it is not there. Each day changes a few: of ten changes one is that it goes or comes
// back, and the others are of its state.
func (e estate) row(account, id int, c history.Cell, n int) (history.Row, bool) {
	changes, gone := 0, false
	for d := 1; d <= n; d++ {
		if float64(mix(id, d)%1_000_000) < e.changing*1_000_000 {
			changes++
			gone = mix(id, d, 1)%10 == 0
		}
	}
	if gone {
		return history.Row{}, false
	}
	name := fmt.Sprintf("%016x", mix(id, -1))
	state := []string{"in-use", "available", "running", "stopped"}[(id+changes)%4]
	cost := int64(1+mix(id, -2)%500) * 1_000_000_000 / 7
	json, err := json.Marshal(map[string]any{
		"resource_id": "res-" + name, "resource_name": "node-" + name[:6], "resource_type": c.Type, "account_id": fmt.Sprintf("%012d", 100_000_000_000+account),
		"region": c.Region, "arn": "arn:aws:ec2:" + c.Region + ":" + strconv.Itoa(account) + ":thing/res-" + name, "state": state,
		"creation_date": "2025-03-01T12:00:00Z", "tags": map[string]string{"team": teams[mix(id, -3)%8], "Name": "node-" + name[:6], "env": "prod"},
		"estimated_cost_monthly": tracker.Money(cost),
		"cost":                   map[string]any{"basis": "list", "components": []map[string]any{{"name": "hours", "monthly": tracker.Money(cost)}}},
		"metadata":               map[string]any{"size_gb": mix(id, -4) % 1000, "encrypted": id%2 == 0, "vpc_id": "vpc-" + name[:8], "subnet_id": "subnet-" + name[4:12]},
	})
	return history.Row{ID: "res-" + name, State: state, Cost: &cost, Hash: int64(mix(id, changes)), JSON: json}, err == nil
}

func index[T comparable](all []T, one T) int {
	for i, v := range all {
		if v == one {
			return i
		}
	}
	return -1
}
