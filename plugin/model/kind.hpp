// The four kinds of record, in the order in which one may refer to another.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace metakocka {

// The numbers are stored; never renumber.
enum class RecordKind { kContacts = 0, kProducts = 1, kInvoices = 2, kInventory = 3 };

// Contacts and products come first: invoices and stock refer to them.
inline constexpr std::array kAllKinds{RecordKind::kContacts, RecordKind::kProducts, RecordKind::kInvoices,
                                      RecordKind::kInventory};

// "contacts", "products", "invoices", "inventory": the names in settings, routes and the CRM's records.
constexpr std::string_view to_text(RecordKind kind) {
    constexpr std::array<std::string_view, 4> kNames{"contacts", "products", "invoices", "inventory"};
    return kNames[static_cast<std::size_t>(kind)];
}

constexpr std::optional<RecordKind> parse_kind(std::string_view text) {
    for (const RecordKind kind : kAllKinds) {
        if (to_text(kind) == text) return kind;
    }
    return std::nullopt;
}

}  // namespace metakocka
