package scanners

import (
	"context"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const stranger = "999988887777"

// ownerField is how AWS calls the field with the account that owns a thing.
var ownerField = regexp.MustCompile(`^(Resource|TransitGateway)?Owner(Account)?(Id)?$|^(AWS|Aws)?AccountId$|^RegistryId$`)

// owners are fields of an answer with the owners of what it lists: those of the items
// of its lists, and of the one thing that it describes. What is deeper inside is
// owned by others, as a network interface's instance is.
func owners(out any) (fields []field) {
	answer := reflect.ValueOf(out).Elem()
	for i := range answer.NumField() {
		f := answer.Field(i)
		if !answer.Type().Field(i).IsExported() || answer.Type().Field(i).Name == "ResultMetadata" {
			continue
		}
		of := f.Type()
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			continue
		}
		for j := range of.NumField() {
			a := of.Field(j)
			if a.Type != reflect.TypeFor[*string]() || !ownerField.MatchString(a.Name) {
				continue
			}
			switch {
			case f.Kind() == reflect.Slice:
				for k := range f.Len() {
					item := reflect.Indirect(f.Index(k))
					fields = append(fields, field{answer.Type().Field(i).Name + "." + a.Name, item.Field(j)})
				}
			case f.Kind() == reflect.Pointer && !f.IsNil():
				fields = append(fields, field{answer.Type().Field(i).Name + "." + a.Name, f.Elem().Field(j)})
			}
		}
	}
	return fields
}

// TestForeignOwner gives each Scanner the answers that were recorded for it with
// another owner: none may be listed as the account's own. What the SDK's types call an
// owner counts, so that a Scanner of a type that has one cannot forget it.
func TestForeignOwner(t *testing.T) {
	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			recorded := readFixtures(t, filepath.Join("testdata", strings.ToLower(string(s.Type))))
			owned, plain := map[string]bool{}, map[string]bool{}
			target := recorded.target()
			target.Config.APIOptions = append(target.Config.APIOptions, func(stack *middleware.Stack) error {
				give := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					out, metadata, err := next.HandleInitialize(ctx, in)
					if out.Result == nil {
						return out, metadata, err
					}
					for _, f := range owners(out.Result) {
						owner := sdk.Operation(in.Parameters) + " " + f.name
						owned[owner] = true
						// Our own decoder has to keep it as well as the SDK does.
						plain[owner] = plain[owner] || !f.value.IsNil()
						f.value.Set(reflect.ValueOf(new(stranger)))
					}
					return out, metadata, err
				}
				return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("owner", give), middleware.Before)
			})
			var got []string
			err := s.Run(t.Context(), target, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					got = append(got, r.Key())
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(owned) > 0 && len(got) > 0 {
				t.Errorf("%v say that another account owns %v", slices.Sorted(maps.Keys(owned)), got)
			}
			for owner, has := range plain {
				if !has {
					t.Errorf("no recorded answer says %s", owner)
				}
			}
		})
	}
}

// TestForeignARN gives each Scanner the answers that another account would have got: a
// resource whose ARN names that account is not listed.
func TestForeignARN(t *testing.T) {
	for _, s := range Catalog {
		recorded := readFixtures(t, filepath.Join("testdata", strings.ToLower(string(s.Type))))
		target := recorded.target()
		target.Config.HTTPClient = answers(func(c call) (int, string) {
			status, body := recorded.answer(c)
			return status, strings.ReplaceAll(body, target.AccountID, stranger)
		})
		_ = s.Run(t.Context(), target, func(rs ...tracker.Resource) error { // look-ups of what is left out find nothing
			for _, r := range rs {
				if strings.Contains(r.ARN, stranger) || r.AccountID != target.AccountID {
					t.Errorf("%s is listed as %s's with the ARN %s", r.Key(), r.AccountID, r.ARN)
				}
			}
			return nil
		})
	}
}
