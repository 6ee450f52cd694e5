#pragma once

#include <optional>
#include <string>

#include <hl7flow/adapters/cli/match/matching.h>

// A model as a file: model.json, which dedupe, link and train write, or settings of Splink.
namespace hl7flow::cli {

/// Model and, for a reader's interest, which coincidences brought pairs together. Numbers are
/// written so that they are read back as they were.
std::string model_text(const linkage::LinkageModel& model, const linkage::BlockingReport& blocking);

/// Settings that Splink 4 loads (on DuckDB), with the columns of `people`: the same weights, and
/// the levels in SQL. Splink compares values as they are; here they are brought to a form first.
std::string splink_settings(const linkage::LinkageModel& model,
                            const linkage::BlockingReport& blocking, const People& people,
                            bool link);

/// Reads a model that fits the columns of `people`. Failures: not_found; bad_config for what is no
/// model, or compares other columns.
Result<linkage::LinkageModel, Failure> read_model(const std::string& path, const People& people);

}  // namespace hl7flow::cli
