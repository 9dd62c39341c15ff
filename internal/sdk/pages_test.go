package sdk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

type listInput struct{ Token *string }

type listOutput struct {
	Items []int
	Next  *string
}

func listCursor(in *listInput, out *listOutput) (**string, *string) { return &in.Token, out.Next }

func TestPages(t *testing.T) {
	denied := errors.New("denied")
	type book = map[string]struct {
		item int
		next string
		err  error
	}
	tests := []struct {
		name string
		book book
		want []int
		err  string
	}{
		{"one page", book{"": {item: 1}}, []int{1}, ""},
		{"three pages", book{"": {item: 1, next: "a"}, "a": {item: 2, next: "b"}, "b": {item: 3}}, []int{1, 2, 3}, ""},
		{"second page fails", book{"": {item: 1, next: "a"}, "a": {err: denied}}, []int{1}, "denied"},
		{"token repeats at once", book{"": {item: 1, next: "a"}, "a": {item: 2, next: "a"}}, []int{1, 2}, "sdk.list answers a page token that it answered before"},
		{"tokens go round", book{"": {item: 1, next: "a"}, "a": {item: 2, next: "b"}, "b": {item: 3, next: "a"}}, []int{1, 2, 3}, "answered before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := func(_ context.Context, in *listInput, _ ...func(*struct{})) (*listOutput, error) {
				at := ""
				if in.Token != nil {
					at = *in.Token
				}
				page := tt.book[at]
				return &listOutput{Items: []int{page.item}, Next: &page.next}, page.err
			}
			in := &listInput{}
			var got []int
			var err error
			for page, e := range Pages(t.Context(), list, in, listCursor) {
				if e != nil {
					err = e
					continue
				}
				got = append(got, page.Items...)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("items %v, want %v", got, tt.want)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if in.Token != nil {
				t.Error("the caller's request was changed")
			}
		})
	}
}

// Of a probe's list the first page is all that is asked for, beforehand too.
func TestFirstPages(t *testing.T) {
	asked := 0
	list := func(context.Context, *listInput, ...func(*struct{})) (*listOutput, error) {
		asked++
		next := "a"
		return &listOutput{Items: []int{asked}, Next: &next}, nil
	}
	for page, err := range Pages(FirstPages(t.Context()), list, &listInput{}, listCursor) {
		if err != nil || !slices.Equal(page.Items, []int{1}) {
			t.Errorf("page %v, %v", page, err)
		}
	}
	if asked != 1 {
		t.Errorf("%d pages were asked for", asked)
	}
}
