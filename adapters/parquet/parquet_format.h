#pragma once

#include <string>

#include <hl7flow/adapters/parquet/columnar_file.h>

namespace hl7flow::adapters {

/// Parquet: a group is a row group, whose columns are encoded on the executor's threads.
class ParquetFormat final : public ColumnarFormat {
 public:
  /// Failures: bad_option for a codec that is none or is not in this Arrow.
  static Result<std::unique_ptr<ParquetFormat>, Failure> make(const std::string& codec, int level);

  std::string_view ending() const noexcept override { return "parquet"; }
  bool takes_dictionaries() const noexcept override { return true; }
  Result<std::unique_ptr<ColumnarFile>, Failure> open(const TableSchema& schema,
                                                      const std::vector<ColumnBuilder>& builders,
                                                      PartFile& part) const override;

 private:
  ParquetFormat(std::string codec, int level) : codec_(std::move(codec)), level_(level) {}

  std::string const codec_;
  int const level_;
};

}  // namespace hl7flow::adapters
