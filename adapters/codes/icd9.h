#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// The four files of titles, by what is in them.
struct Icd9Titles {
  bool is_procedures = false;  // ICD-9-PCS, else ICD-9-CM
  bool is_long = true;         // becomes the display, else the short name
};

/// Lines of a code, blanks, and a title.
Status read_icd9_titles(codes::StoreBuilder& builder, ReleaseText& file, Icd9Titles titles,
                        std::string_view version);

}  // namespace hl7flow::adapters
