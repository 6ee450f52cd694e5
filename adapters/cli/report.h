#pragma once

#include <string>

#include <hl7flow/pipeline/pipeline.h>

namespace hl7flow::cli {

/// The account for people: what came in, what became of it, where it went. Several lines.
std::string account_text(const RunReport& report, bool with_stages);

/// The account as one line of JSON: messages_in, written, duplicates, rejected, filtered, bytes_*,
/// rows, rejects, types, versions, seconds, and what else is counted.
std::string account_json(const RunReport& report);
/// True if there was text, and no message or envelope in it.
bool is_not_hl7(const Account& account) noexcept;

/// "1,234,567", "1.2 GB", "3.4 s".
std::string grouped(std::uint64_t number);
std::string bytes_text(double bytes);
std::string seconds_text(double seconds);

}  // namespace hl7flow::cli
