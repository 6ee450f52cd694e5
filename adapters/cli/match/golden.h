#pragma once

#include <string>

#include <hl7flow/adapters/cli/match/matching.h>
#include <hl7flow/adapters/cli/survivorship.h>

// A row for each person: the values that survive of those of its records.
namespace hl7flow::cli {

/// Fields are the roles that the lists have. Failures: usage.
Result<Survivorship, Failure> read_survivorship(const std::vector<std::string>& texts,
                                                const People& people, bool has_times);

/// Each field as it was written (birth dates as digits), and the first record that says so.
std::string persons_csv(const Matching& found, const People& people,
                        const Survivorship& survivorship, std::size_t threads);

}  // namespace hl7flow::cli
