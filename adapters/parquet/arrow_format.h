#pragma once

#include <string>

#include <hl7flow/adapters/parquet/columnar_file.h>

namespace hl7flow::adapters {

/// Arrow's IPC file format ("Feather version 2"): a group is a record batch. Text is plain utf8,
/// which every reader of the format knows.
class ArrowFormat final : public ColumnarFormat {
 public:
  /// `codec` is zstd, lz4 or uncompressed: the format knows no others. Failures: bad_option.
  static Result<std::unique_ptr<ArrowFormat>, Failure> make(const std::string& codec, int level);

  std::string_view ending() const noexcept override { return "arrow"; }
  bool takes_dictionaries() const noexcept override { return false; }
  Result<std::unique_ptr<ColumnarFile>, Failure> open(const TableSchema& schema,
                                                      const std::vector<ColumnBuilder>& builders,
                                                      PartFile& part) const override;

 private:
  ArrowFormat(std::string codec, int level) : codec_(std::move(codec)), level_(level) {}

  std::string const codec_;
  int const level_;
};

}  // namespace hl7flow::adapters
