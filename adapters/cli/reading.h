#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/pipeline/pipeline.h>

// What the verbs that only read have in common: inputs, parsing, and output to a pipe.
namespace hl7flow::cli {

/// What to read and how.
struct ReadRequest {
  std::vector<std::string> inputs;  // empty: standard input
  std::string charset = "auto";
  std::string stray_lines = "join";
  std::string batch_size = "128KiB";
  std::uint32_t threads = 0;
};

/// Adds --charset, --stray-lines and, for verbs that use all cores, --threads. `request` outlives
/// the command.
void add_reading_options(CLI::App& command, ReadRequest& request, bool parallel);

/// A pipeline with source and `parse`. Failures: not_found for an input that is not there.
Result<Pipeline, Failure> reading_pipeline(const ReadRequest& request);

/// An ordered stage that sets Batch::messages_before.
std::unique_ptr<Stage> message_numbers();

/// Runs a reading pipeline. A reader that goes away (`| head`) ends the program quietly, as it ends
/// others; nothing is left half-written. Exit is ok when `report` is filled, or when a component
/// said that it has `enough`; else the failure is told already.
Exit run_reading(Pipeline& pipeline, const ReadRequest& request, RunReport& report,
                 std::stop_source* enough = nullptr);

/// Complaint about an input without a message; ok if there was one or the input was empty.
Exit check_is_hl7(const RunReport& report);

/// Writes to stdout, past its buffer; a Failure if it cannot.
Status print(std::string_view text);

}  // namespace hl7flow::cli
