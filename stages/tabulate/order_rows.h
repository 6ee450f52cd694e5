#pragma once

#include <hl7flow/pipeline/batch.h>

namespace hl7flow::stages {

/// Fills the table repeated_orders from what flag_repeats found.
void write_repeated_orders(Batch& batch, TableRows& rows);

}  // namespace hl7flow::stages
