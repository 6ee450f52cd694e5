#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// What the order files of one system have said so far, when several years of it are loaded, the
/// oldest first. Dates follow from the difference of two files: what the oldest has is valid from
/// ever, because it does not say since when; what the newest has is valid until it is replaced.
struct OrderFiles {
  struct Entry {
    std::uint32_t last_file = 0;  // number of the newest file that has the code
    bool is_selectable = false;
    std::string short_title;  // empty if it is the long one
  };
  std::string system;  // "ICD-10-CM" or "ICD-10-PCS"
  codes::Family family = codes::Family::icd10cm;
  std::vector<std::uint32_t> effective;              // yyyymmdd, by file; 0: the name does not say
  std::vector<std::pair<std::string, Entry>> codes;  // sorted by code, without points
};

/// One order file (icd10cm_order_2024.txt), effective on a day. The parent of a code is the longest
/// shorter code that it begins with.
Status read_icd10_order(codes::StoreBuilder& builder, ReleaseText& file, OrderFiles& files,
                        std::uint32_t effective);
/// Ends the validity of codes that a newer file no longer has.
void retire_missing(codes::StoreBuilder& builder, const OrderFiles& files);

/// The day from which an order file counts, by its name: 1 October of the year before, or 1 January
/// or 1 April of the year where the name has that month; 0 if it has no year.
std::uint32_t effective_day(std::string_view name);

/// The tabular list as XML: chapters and sections become concepts, named by their range ("A00-B99",
/// "B20-B20"), and parents of categories; inclusion terms become synonyms. Read behind the order
/// files: codes that they lack are skipped.
Status read_icd10cm_tabular(codes::StoreBuilder& builder, ReleaseText& file);

}  // namespace hl7flow::adapters
