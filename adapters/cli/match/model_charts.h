#pragma once

#include <string>

#include <hl7flow/adapters/cli/match/evidence.h>

// Drawings of what a matching is, as SVG. None holds a value of a record.
namespace hl7flow::cli {

/// The way from the prior to the sum, a step for each comparison.
std::string waterfall_chart(const Evidence& evidence, double link_bits);
/// The bits of each level of each comparison.
std::string weight_chart(const linkage::LinkageModel& model);
/// How often each level is among records of one person, and of two.
std::string probability_chart(const linkage::LinkageModel& model);
/// How many pairs have how many bits.
std::string histogram_chart(const Matching& found, double link_bits);
/// How many pairs are linked, by threshold.
std::string threshold_chart(const Matching& found, double link_bits);
/// The share of records that would not be linked even with a copy of themselves, by threshold: they
/// say too little.
std::string unlinkables_chart(const Matching& found, const People& people, double link_bits);

}  // namespace hl7flow::cli
