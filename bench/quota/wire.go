package main

import (
	"context"
	"net/http/httptest"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/bench/internal/wire"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// served scans the account as AWS writes it, and measures the CPU of the worker,
// which has no simulator in it. Paced, the worker keeps to its call budget.
func served(ctx context.Context, bin string, resources int, types []tracker.Type, paced, noListeners bool) error {
	account := simulator.New(simulator.Options{Resources: resources})
	server := httptest.NewServer(wire.Handler(account))
	defer server.Close()
	env := []string{"AWS_ENDPOINT_URL=" + server.URL}
	if !paced {
		env = append(env, "AWS_CALL_LIMITS="+lab.Unlimited)
	}
	_, err := scan(ctx, lab.Options{Bin: bin, Workers: 1, Env: env}, holds(account, types), types, noListeners)
	return err
}

// holds counts the resources of the types that the account has.
func holds(account *simulator.Account, types []tracker.Type) int {
	n := 0
	for _, t := range types {
		n += account.Count(t, tracker.Any)
	}
	return n
}
