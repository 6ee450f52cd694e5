#pragma once

#include <hl7flow/pipeline/batch.h>

namespace hl7flow::stages {

/// Fills the tables person_links and person_reviews from what identify found.
void write_person_tables(Batch& batch, TableRows& links, TableRows& reviews);

}  // namespace hl7flow::stages
