#include "records/kind.hpp"

#include <array>

namespace crm::sample {
namespace {

using enum FieldType;

constexpr std::array kContactFields = {
    Field{"name", kText, {}, true}, Field{"taxNumber", kText},  Field{"registrationNumber", kText},
    Field{"email", kText},          Field{"phone", kText},      Field{"mobile", kText},
    Field{"street", kText},         Field{"postNumber", kText}, Field{"city", kText},
    Field{"country", kText},        Field{"isCompany", kBool},  Field{"isCustomer", kBool},
    Field{"isSupplier", kBool},
};

constexpr std::array kProductFields = {
    Field{"code", kText},     Field{"name", kText, {}, true}, Field{"description", kText},
    Field{"unit", kText},     Field{"barcode", kText},        Field{"price", kDecimal},
    Field{"currency", kText}, Field{"taxRate", kDecimal},     Field{"weight", kDecimal},
    Field{"sellable", kBool}, Field{"purchasable", kBool},    Field{"service", kBool},
};

constexpr std::array kInvoiceFields = {
    Field{"number", kText},
    Field{"kind", kText},
    Field{"date", kDate},
    Field{"dueDate", kDate},
    Field{"contactId", kReference, "contacts"},
    Field{"currency", kText},
    Field{"net", kDecimal},
    Field{"tax", kDecimal},
    Field{"total", kDecimal},
    Field{"paid", kDecimal},
    Field{"status", kText},
    Field{"lines", kLines},
};

constexpr std::array kInventoryFields = {
    Field{"productId", kReference, "products", true},
    Field{"warehouse", kText},
    Field{"amount", kDecimal},
    Field{"reserved", kDecimal},
    Field{"free", kDecimal},
};

constexpr std::array kLineFields = {
    Field{"productId", kReference, "products"},
    Field{"code", kText},
    Field{"name", kText},
    Field{"quantity", kDecimal},
    Field{"unit", kText},
    Field{"price", kDecimal},
    Field{"discount", kDecimal},
    Field{"taxRate", kDecimal},
};

constexpr std::array kKinds = {
    Kind{"contacts", kContactFields, "matches(?1, name, taxNumber, email, phone, mobile, city)"},
    Kind{"products", kProductFields, "matches(?1, code, name, barcode)"},
    Kind{"invoices", kInvoiceFields,
         "(matches(?1, number) OR contactId IN (SELECT id FROM contacts WHERE matches(?1, name)))"},
    Kind{"inventory", kInventoryFields,
         "(matches(?1, warehouse) OR productId IN (SELECT id FROM products WHERE matches(?1, code, name)))"},
};

}  // namespace

const Kind* find_kind(std::string_view name) {
    for (const Kind& kind : kKinds) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

std::span<const Kind> all_kinds() {
    return kKinds;
}

std::span<const Field> line_fields() {
    return kLineFields;
}

}  // namespace crm::sample
