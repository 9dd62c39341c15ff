package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/fleet"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// mayhem kills programs at random, and at the same time masters of Redis; what is killed
// comes back after a moment. It says what it has done.
func (v *victim) mayhem(ctx context.Context) (string, error) {
	end := time.Now().Add(v.o.killFor)
	var workers, apis int
	var redis, programs error
	var both sync.WaitGroup
	both.Go(func() { redis = v.mayhemOfRedis(ctx) })
	for programs == nil && time.Now().Before(end) {
		if programs = lab.Pause(ctx, 1500*time.Millisecond+rand.N(2500*time.Millisecond)); programs != nil {
			break
		}
		victims := []*fleet.Process{v.Workers[rand.IntN(len(v.Workers))]}
		workers++
		if left := time.Until(end); apis < v.o.apiKills && left < v.o.killFor*time.Duration(v.o.apiKills-apis)/time.Duration(v.o.apiKills+1) {
			victims = append(victims, v.APIs[apis%len(v.APIs)])
			apis++
		}
		programs = again(ctx, victims)
	}
	both.Wait()
	said := fmt.Sprintf("killed with -9: %d workers, %d APIs, %d masters of Redis", workers, apis, v.o.redisKills)
	if v.o.redis == fleet.Cluster {
		said += fmt.Sprintf("; %d slots moved %d times", slots, v.o.reshards)
	}
	if programs == nil {
		programs = redis
	}
	return said, programs
}

// slots are as many as a reshard moves.
const slots = 1500

func (v *victim) mayhemOfRedis(ctx context.Context) error {
	for range v.o.redisKills {
		if err := lab.Pause(ctx, v.o.killFor/time.Duration(2*v.o.redisKills+2)); err != nil {
			return err
		}
		if err := v.Redis.Fail(ctx); err != nil {
			return err
		}
		if err := v.traffic.goesOn(ctx, "a master of Redis was killed"); err != nil {
			return err
		}
	}
	if v.o.redis != fleet.Cluster {
		return nil
	}
	for range v.o.reshards {
		if err := v.Redis.Reshard(ctx, slots); err != nil {
			return err
		}
		if err := v.traffic.goesOn(ctx, "slots were moved"); err != nil {
			return err
		}
	}
	return nil
}

// again kills programs, and starts them a moment later.
func again(ctx context.Context, victims []*fleet.Process) error {
	for _, p := range victims {
		p.Kill()
	}
	if err := lab.Pause(ctx, 200*time.Millisecond+rand.N(800*time.Millisecond)); err != nil {
		return err
	}
	for _, p := range victims {
		if err := p.Start(); err != nil {
			return err
		}
	}
	return nil
}

// upgrade replaces the programs of the version before by those of this one, the workers
// first, as docs/operations.md has it. One worker goes back to the version before when all
// else is replaced, and then comes forward again.
func (v *victim) upgrade(ctx context.Context) (string, error) {
	if err := v.traffic.goesOn(ctx, "the version before was started"); err != nil {
		return "", err
	}
	type step struct {
		p         *fleet.Process
		bin, what string
	}
	var steps []step
	for i, w := range v.Workers {
		steps = append(steps, step{w, v.o.bin, fmt.Sprint("worker ", i, " was replaced")})
	}
	for i, a := range v.APIs {
		steps = append(steps, step{a, v.o.bin, fmt.Sprint("API ", i, " was replaced")})
	}
	last := len(v.Workers) - 1
	steps = append(steps, step{v.Workers[last], v.o.before, "a worker went back"}, step{v.Workers[last], v.o.bin, "it came forward again"})
	for _, s := range steps {
		s.p.Stop()
		s.p.Bin = s.bin
		if err := s.p.Start(); err != nil {
			return s.what, err
		}
		if err := v.Ready(ctx); err != nil {
			return s.what, err
		}
		if err := v.traffic.goesOn(ctx, s.what); err != nil {
			return s.what, fmt.Errorf("%w; it printed: %s", err, s.p.Log())
		}
	}
	return fmt.Sprintf("replaced: %d workers and %d APIs, one after the other, and a worker back and forth", len(v.Workers), len(v.APIs)), nil
}
