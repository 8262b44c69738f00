"""The ids that Primero and CPIMS+ deployments use for categories of service."""

from __future__ import annotations

from geo.vocabulary.terms import ServiceCategory

PRIMERO_IDS: dict[str, ServiceCategory] = {
    "child_protection_service": ServiceCategory.CASE_MANAGEMENT,
    "psychosocial_service": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "basic_psychosocial_support": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "focuses_non_specialized_mhpss_care": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "specialized_mhpss_services": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    # The missing r is in the Primero deployments themselves.
    "family_seunification_service": ServiceCategory.FAMILY_TRACING_REUNIFICATION,
    "family_tracing_and_reunification": ServiceCategory.FAMILY_TRACING_REUNIFICATION,
    "family_mediation_service": ServiceCategory.FAMILY_MEDIATION,
    "alternative_care": ServiceCategory.ALTERNATIVE_CARE,
    "safehouse_service": ServiceCategory.SAFE_SHELTER,
    "security_e_g_safe_shelter": ServiceCategory.SAFE_SHELTER,
    "shelter": ServiceCategory.SAFE_SHELTER,
    "health_medical_service": ServiceCategory.MEDICAL,
    "medical": ServiceCategory.MEDICAL,
    "sexual_and_reproductive_health": ServiceCategory.MEDICAL,
    "legal_assistance_service": ServiceCategory.LEGAL_AID,
    "legal_support": ServiceCategory.LEGAL_AID,
    "police_other_service": ServiceCategory.POLICE_JUSTICE,
    "registration_service": ServiceCategory.CIVIL_DOCUMENTATION,
    "documentation": ServiceCategory.CIVIL_DOCUMENTATION,
    "education_service": ServiceCategory.EDUCATION,
    "education_formal": ServiceCategory.EDUCATION,
    "non_formal_education": ServiceCategory.EDUCATION,
    "livelihoods_service": ServiceCategory.LIVELIHOODS_CASH,
    "livelihoods": ServiceCategory.LIVELIHOODS_CASH,
    "cash_assistance": ServiceCategory.LIVELIHOODS_CASH,
    "food_service": ServiceCategory.FOOD_NUTRITION,
    "food": ServiceCategory.FOOD_NUTRITION,
    "nutrition": ServiceCategory.FOOD_NUTRITION,
    "nfi_clothes_shoes_service": ServiceCategory.BASIC_ITEMS_WASH,
    "water_sanitation_service": ServiceCategory.BASIC_ITEMS_WASH,
    "non_food_items": ServiceCategory.BASIC_ITEMS_WASH,
    "wash": ServiceCategory.BASIC_ITEMS_WASH,
    "services_for_children_with_disabilities": ServiceCategory.DISABILITY,
    "other_service": ServiceCategory.OTHER,
    "other_please_specify": ServiceCategory.OTHER,
}
