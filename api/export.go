package api

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// exportFormat is how resources are written.
type exportFormat string

const (
	formatJSON   exportFormat = "json"
	formatNDJSON exportFormat = "ndjson"
	formatCSV    exportFormat = "csv"
	formatExcel  exportFormat = "csv-excel"
)

const (
	ndjson      = "application/x-ndjson"
	csvMedia    = "text/csv"
	excel       = "excel" // the profile of CSV that Excel reads
	csvHeader   = "text/csv; charset=utf-8; header=present"
	excelHeader = csvHeader + "; profile=" + excel
	byteOrder   = "\ufeff"
)

// FormatQuery chooses how resources are written.
type FormatQuery struct {
	Format exportFormat `query:"format" enum:"json,ndjson,csv,csv-excel" doc:"How resources are written; wins over Accept"`
	Accept string       `header:"Accept" maxLength:"500" hidden:"true"`
}

// chosen is the format that is asked for: by name, else by Accept.
func (q FormatQuery) chosen() exportFormat {
	if q.Format != "" {
		return q.Format
	}
	return acceptedFormat(q.Accept, exportOf)
}

// exportOf is the format that a media type asks for; "" is one that is not known.
func exportOf(media, profile string) exportFormat {
	switch {
	case media == ndjson:
		return formatNDJSON
	case media == csvMedia && profile == excel:
		return formatExcel
	case media == csvMedia:
		return formatCSV
	}
	return ""
}

// acceptedFormat is the format of the best quality in an Accept header. Of
// equals, one that has to be asked for comes before JSON, which clients accept by
// habit; what is not known is answered in JSON.
func acceptedFormat(header string, of func(media, profile string) exportFormat) exportFormat {
	best, format := 0.0, formatJSON
	for part := range strings.SplitSeq(header, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		f := of(media, params["profile"])
		switch media {
		case "application/json", "application/*", "*/*":
			f = formatJSON
		}
		if f == "" {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			quality = q
		}
		if quality > best || quality == best && quality > 0 && format == formatJSON {
			best, format = quality, f
		}
	}
	return format
}

// exports describes the answers of resources: JSON of its own schema, and lines.
func exports(s *Server, description string, document *huma.Schema) map[string]*huma.Response {
	r := answers(description, map[string]*huma.Schema{
		"application/json": document, ndjson: schema[tracker.Resource](s),
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(columns, ", ")},
	})
	r.Headers = lineHeaders()
	return map[string]*huma.Response{status(http.StatusOK): r}
}

// lineHeaders describes the headers of answers in lines.
func lineHeaders() map[string]*huma.Header {
	return map[string]*huma.Header{
		headerState:           stringHeader("Of ndjson and csv: the state of the job"),
		headerComplete:        stringHeader("Of ndjson and csv: true when the scan saw everything"),
		"Content-Disposition": stringHeader("Of csv: the name of the file"),
	}
}

const exportDescription = `?format= or Accept chooses the format: json; ndjson (application/x-ndjson), one resource a line; csv (text/csv); csv-excel
(text/csv;profile=excel), for spreadsheets. csv-excel has a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell
that would be a formula. CSV has a line of headers. Tags, metadata and cost are JSON in a column each, and null is an empty cell. Formats of
lines have no place for the state of the job; the headers X-Job-State and X-Scan-Complete have it. An answer that cannot be finished is cut
off, never closed as if it were whole.`

// streamLines writes the resources of a job that f selects one a line, holding
// one page of them.
func (s *Server) streamLines(ctx context.Context, w http.ResponseWriter, job tracker.Job, f filter.Filter, format exportFormat) {
	w.Header().Set(headerState, string(job.State))
	w.Header().Set(headerComplete, strconv.FormatBool(job.Complete()))
	s.streamRows(ctx, w, format, "resources-"+job.ID, whole(columns), func(row func([]byte) error) error {
		return s.Results.Each(ctx, job.ID, f, row)
	})
}

// streamRows writes rows, given as JSON, one a line: as they are, or of CSV the columns, as a file.
func (s *Server) streamRows(
	ctx context.Context, w http.ResponseWriter, format exportFormat, file string, columns []column, each func(row func([]byte) error) error,
) {
	media, lines := format.media()
	if format == formatNDJSON {
		out := newStream(w, media)
		s.finish(ctx, out, each(func(row []byte) error {
			err := out.row(row)
			out.text("\n")
			return err
		}))
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+file+`.csv"`)
	out := newStream(w, media)
	out.text(lines.header(namesOf(columns)))
	var b []byte
	cells := newCellReader(columns)
	s.finish(ctx, out, each(func(row []byte) (err error) {
		if b, err = lines.appendRow(b[:0], row, cells); err != nil {
			return err
		}
		return out.row(b)
	}))
}

// media is the media type of lines, and how their cells are written.
func (f exportFormat) media() (string, csvFormat) {
	switch f {
	case formatNDJSON:
		return ndjson, csvFormat{}
	case formatExcel:
		return excelHeader, excelCell
	default:
		return csvHeader, plainCell
	}
}

// columns are the members of a resource in the order of the wire contract, then
// those that it lacks.
var columns = []string{
	"resource_id", "resource_name", "resource_type", "region", "state", "creation_date", "tags", "estimated_cost_monthly", "metadata",
	"account_id", "arn", "cost",
}

// csvFormat is how one kind of CSV writes a cell and ends a line. encoding/csv
// is not used because it changes the line breaks within cells.
type csvFormat struct {
	start, end string
	cell       func(b []byte, cell string) []byte
}

var (
	plainCell = csvFormat{"", "\n", appendPlainCell}
	excelCell = csvFormat{byteOrder, "\r\n", appendExcelCell}
)

func (f csvFormat) header(columns []string) string {
	return string(f.appendCells([]byte(f.start), columns...))
}

func (f csvFormat) appendCells(b []byte, cells ...string) []byte {
	for i, cell := range cells {
		b = f.cell(comma(b, i), cell)
	}
	return append(b, f.end...)
}

// appendRow appends the cells of a row, given as JSON.
func (f csvFormat) appendRow(b, row []byte, r *cellReader) ([]byte, error) {
	cells, err := r.read(row)
	if err != nil {
		return nil, err
	}
	return f.appendCells(b, cells...), nil
}

func comma(b []byte, column int) []byte {
	if column == 0 {
		return b
	}
	return append(b, ',')
}

// appendPlainCell quotes what RFC 4180 has quoted, and spaces at either end,
// which some readers trim.
func appendPlainCell(b []byte, cell string) []byte {
	if strings.ContainsAny(cell, ",\"\r\n") || strings.TrimSpace(cell) != cell {
		return appendQuoted(b, cell)
	}
	return append(b, cell...)
}

// appendExcelCell quotes every cell, and puts an apostrophe before one that a
// spreadsheet would take for a formula: names and tags are written by others.
// Which those are: OWASP, "CSV Injection".
func appendExcelCell(b []byte, cell string) []byte {
	for _, start := range formulaStarts {
		if strings.HasPrefix(cell, start) {
			cell = "'" + cell
			break
		}
	}
	return appendQuoted(b, cell)
}

// formulaStarts are what formulas begin with, also in full width.
var formulaStarts = []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}

func appendQuoted(b []byte, cell string) []byte {
	b = append(b, '"')
	for i := range len(cell) {
		if cell[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, cell[i])
	}
	return append(b, '"')
}
