#pragma once

#include <hl7flow/adapters/codes/release.h>

// One loader a kind of release; releases.cpp has the table of them.
namespace hl7flow::adapters {

Status load_loinc(codes::StoreBuilder& builder, const Release& release);
Status load_icd10cm(codes::StoreBuilder& builder, const Release& release);
Status load_icd10pcs(codes::StoreBuilder& builder, const Release& release);
Status load_icd9(codes::StoreBuilder& builder, const Release& release);
Status load_gems(codes::StoreBuilder& builder, const Release& release);
Status load_hcpcs(codes::StoreBuilder& builder, const Release& release);
Status load_cpt(codes::StoreBuilder& builder, const Release& release);
Status load_livd(codes::StoreBuilder& builder, const Release& release);
Status load_rxnorm(codes::StoreBuilder& builder, const Release& release);
Status load_ndc(codes::StoreBuilder& builder, const Release& release);
Status load_snomed(codes::StoreBuilder& builder, const Release& release);
Status load_cvx(codes::StoreBuilder& builder, const Release& release);
Status load_mvx(codes::StoreBuilder& builder, const Release& release);
Status load_fhir(codes::StoreBuilder& builder, const Release& release);
Status load_omop(codes::StoreBuilder& builder, const Release& release);
Status load_ucum(codes::StoreBuilder& builder, const Release& release);
Status load_site_csv(codes::StoreBuilder& builder, const Release& release);

}  // namespace hl7flow::adapters
