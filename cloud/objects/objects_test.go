package objects

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/consolesensei/resource-tracker/internal/mototest"
)

// TestBucket holds that objects are written whole or not at all, listed, and read by ranges as they were listed.
func TestBucket(t *testing.T) {
	cfg, ctx := mototest.Start(t), t.Context()
	_, err := client(cfg).CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String("lake"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(ctx, cfg, "s3://lake/tracker/")
	if err != nil {
		t.Fatal(err)
	}
	b.part = 5 << 20 // the least that S3 takes
	big := bytes.Repeat([]byte("0123456789abcdef"), 12<<20/16)
	write := func(name string, content []byte) {
		t.Helper()
		if err := b.Write(ctx, name, func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
			t.Fatal(err)
		}
	}
	list := func() (text string) {
		t.Helper()
		if err := b.List(ctx, func(name string, size int64, _ string) error { text += fmt.Sprint(name, " ", size, "; "); return nil }); err != nil {
			t.Fatal(err)
		}
		return text
	}
	write("a/small", []byte("hello"))
	write("a/big", big)
	write("a/big", big) // again: in its place
	if got, want := list(), "a/big 12582912; a/small 5; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	broken := errors.New("the disk is gone")
	err = b.Write(ctx, "a/half", func(w io.Writer) error {
		_, err := w.Write(big)
		return errors.Join(err, broken)
	})
	uploads, listed := client(cfg).ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: aws.String("lake")})
	if !errors.Is(err, broken) || listed != nil || len(uploads.Uploads) != 0 || strings.Contains(list(), "half") {
		t.Errorf("a broken write: %v %v %s", err, uploads, list())
	}

	marks := map[string]string{}
	if err := b.List(ctx, func(name string, _ int64, mark string) error { marks[name] = mark; return nil }); err != nil {
		t.Fatal(err)
	}
	f, err := b.Open(ctx, "a/big", int64(len(big)), marks["a/big"])
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 10)
	if n, err := f.ReadAt(p, 6<<20+3); err != nil || n != 10 || string(p) != "3456789abc" {
		t.Errorf("%d %v %q", n, err, p)
	}
	if n, err := f.ReadAt(p, int64(len(big))-4); !errors.Is(err, io.EOF) || string(p[:n]) != "cdef" {
		t.Errorf("at the end: %d %v %q", n, err, p[:n])
	}
	write("a/big", []byte("another"))
	if _, err := f.ReadAt(p, 0); err == nil || !strings.Contains(err.Error(), "412") {
		t.Errorf("what was replaced is read on: %v", err)
	}

	if _, err := Open(ctx, cfg, "s3://nothing-there/x"); err == nil || !strings.HasPrefix(err.Error(), "bucket nothing-there: ") || !strings.Contains(err.Error(), "404") {
		t.Error(err)
	}
	if _, err := Open(ctx, cfg, "https://lake"); err == nil || !strings.Contains(err.Error(), "no s3:// URL") {
		t.Error(err)
	}
}
