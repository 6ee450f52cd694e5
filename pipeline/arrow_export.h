#pragma once

#include <cstdint>

#include <hl7flow/pipeline/batch.h>

// A table's rows as Arrow arrays, through the Arrow C Data Interface, so that whatever speaks Arrow
// takes them and nothing here links an Arrow library.
// Source: Apache Arrow columnar format 1.4 and "The Arrow C data interface", whose structures are
// an ABI that each project declares for itself; the guard's name is part of that agreement.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
}
#endif

namespace hl7flow {

/// How text and binary columns are laid out.
enum class TextLayout : std::uint8_t {
  views,  // utf8_view, binary_view: no text is copied (Arrow 1.4; Arrow C++ 15, DuckDB, Polars)
  plain,  // utf8, binary: every text is copied, for consumers that know no views
};

/// The table's columns as a struct: int64, float64, bool, date32[day], timestamp[us, UTC], and text
/// as `layout` says; all may be null. `out` is filled and the caller's: call out->release. It
/// depends on nothing. Thread-safe.
void export_schema(const TableSchema& table, TextLayout layout, ArrowSchema* out);

/// The rows of one of the batch's tables as a struct array for that schema. `out` is filled and the
/// caller's: call out->release, once, on any thread; columns may be moved out of it and released on
/// their own, as the interface allows. Numbers and views point into the batch: with either layout,
/// read the array only until the batch is cleared or changed; release may come later. Failures:
/// value_out_of_range if a column's text does not fit the layout's 31-bit offsets; `out` then is
/// not filled.
Status export_rows(const Batch& batch, const TableRows& rows, TextLayout layout, ArrowArray* out);

}  // namespace hl7flow
