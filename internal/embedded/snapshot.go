package embedded

import (
	"compress/gzip"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/redis/go-redis/v9"
)

// snapshotFile is what a Redis in memory held when it ended. It is read once and deleted:
// what a process that is killed did with the data is lost with them. Data of before would
// say of a call to AWS that has been sent that it has not.
const snapshotFile = "snapshot"

// entry is a key with its value, of one of the kinds that are used.
type entry struct {
	Key, Kind string
	Until     time.Time // zero: for ever
	Text      string
	List      []string // a hash's names and values in turn
	Scores    []float64
	Messages  []message
}

type message struct {
	ID     string
	Fields []string
}

// errKind is the error of a key whose kind is not kept.
var errKind = errors.New("a kind of value that is not kept")

// save writes all keys to a file.
func save(ctx context.Context, client redis.UniversalClient, path string) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the data down: %w", err)
	}
	z := gzip.NewWriter(f)
	out := gob.NewEncoder(z)
	keys := client.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) && err == nil {
		var e entry
		if e, err = read(ctx, client, keys.Val()); err == nil && e.Kind != "none" {
			err = out.Encode(e)
		}
	}
	if err = errors.Join(err, keys.Err(), z.Close(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the data down: %w", err), os.Remove(path+".new"))
	}
	return os.Rename(path+".new", path)
}

// read reads a key; its kind is none when it has just expired.
func read(ctx context.Context, client redis.UniversalClient, key string) (e entry, err error) {
	e.Key = key
	if e.Kind, err = client.Type(ctx, key).Result(); err != nil {
		return e, err
	}
	left, err := client.PTTL(ctx, key).Result()
	if err != nil {
		return e, err
	}
	if left > 0 {
		e.Until = time.Now().Add(left)
	}
	switch e.Kind {
	case "none":
	case "string":
		e.Text, err = client.Get(ctx, key).Result()
	case "list":
		e.List, err = client.LRange(ctx, key, 0, -1).Result()
	case "set":
		e.List, err = client.SMembers(ctx, key).Result()
	case "hash":
		var all map[string]string
		all, err = client.HGetAll(ctx, key).Result()
		for name, value := range all {
			e.List = append(e.List, name, value)
		}
	case "zset":
		var all []redis.Z
		all, err = client.ZRangeWithScores(ctx, key, 0, -1).Result()
		for _, z := range all {
			e.List, e.Scores = append(e.List, fmt.Sprint(z.Member)), append(e.Scores, z.Score)
		}
	case "stream":
		var all []redis.XMessage
		all, err = client.XRange(ctx, key, "-", "+").Result()
		for _, m := range all {
			kept := message{ID: m.ID}
			for name, value := range m.Values {
				kept.Fields = append(kept.Fields, name, fmt.Sprint(value))
			}
			e.Messages = append(e.Messages, kept)
		}
	default:
		err = errKind
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		return e, fmt.Errorf("%s: %w", key, err)
	}
	return e, nil
}

// load reads what save wrote, and deletes the file before anybody sees the data.
func load(ctx context.Context, client redis.UniversalClient, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the data of before: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("read the data of before: %w", errors.Join(err, os.Remove(path)))
	}
	in := gob.NewDecoder(z)
	for now := time.Now(); ; {
		var e entry
		if err := in.Decode(&e); errors.Is(err, io.EOF) {
			return os.Remove(path)
		} else if err != nil {
			return fmt.Errorf("read the data of before: %w", errors.Join(err, os.Remove(path)))
		}
		if !e.Until.IsZero() && e.Until.Before(now) {
			continue
		}
		if err := e.write(ctx, client); err != nil {
			return fmt.Errorf("read the data of before: %s: %w", e.Key, err)
		}
	}
}

// write writes the key as it was.
func (e entry) write(ctx context.Context, client redis.UniversalClient) error {
	_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		switch e.Kind {
		case "string":
			p.Set(ctx, e.Key, e.Text, 0)
		case "list":
			p.RPush(ctx, e.Key, anys(e.List)...)
		case "set":
			p.SAdd(ctx, e.Key, anys(e.List)...)
		case "hash":
			p.HSet(ctx, e.Key, anys(e.List)...)
		case "zset":
			for i, member := range e.List {
				p.ZAdd(ctx, e.Key, redis.Z{Score: e.Scores[i], Member: member})
			}
		case "stream":
			for _, m := range e.Messages {
				p.XAdd(ctx, &redis.XAddArgs{Stream: e.Key, ID: m.ID, Values: m.Fields})
			}
		}
		if !e.Until.IsZero() {
			p.PExpireAt(ctx, e.Key, e.Until)
		}
		return nil
	})
	return err
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, text := range list {
		out[i] = text
	}
	return out
}

// kept has a Redis in memory read what is in a folder, and write it down when it ends.
func (s *Server) kept(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, snapshotFile)
	if err := load(ctx, s.client, path); err != nil {
		unlock()
		return err
	}
	s.dataDir = dir
	s.describe = "in memory (neither redis-server nor valkey-server is on PATH): results are kept in " + dir + " when it ends well"
	s.before = func() error {
		defer unlock()
		return save(context.WithoutCancel(ctx), s.client, path)
	}
	return nil
}
