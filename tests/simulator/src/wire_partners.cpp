#include <algorithm>

#include "wire_records.hpp"
#include "wire_style.hpp"

namespace metakocka::sim {
namespace {

void write_head(WireStyle& style, const Partner& partner) {
    style.id("mk_id", partner.mk_id);
    style.flag("business_entity", partner.business_entity);
    style.flag("taxpayer", partner.taxpayer);
    style.flag("foreign_county", partner.foreign);
    style.text("tax_id_number", partner.tax_number);
    style.text("registration_number", partner.registration_number);
    style.mandatory("customer", partner.customer);
    style.mandatory("count_code", partner.count_code);
    style.flag("buyer", partner.buyer);
    style.flag("supplier", partner.supplier);
}

const Address* address_of(const Partner& partner, MkId address_id) {
    const auto at =
        std::find_if(partner.addresses.begin(), partner.addresses.end(),
                     [address_id](const Address& address) { return address.mk_id == address_id; });
    return at == partner.addresses.end() ? partner.billing_address() : &*at;
}

void write_contact_numbers(WireStyle& style, const Contact& contact) {
    style.text("name", contact.name);
    style.text("phone", contact.phone);
    style.text("gsm", contact.gsm);
    style.text("fax", contact.fax);
    style.text("email", contact.email);
}

}  // namespace

void write_partner(JsonOut& out, const Ledger& ledger, const Partner& partner) {
    WireStyle style(out, partner.mk_id, ledger.options.quirks);
    out.open('{');
    write_head(style, partner);
    style.list("partner_contact_list", partner.contacts.size(), [&](std::size_t i) {
        const auto& contact = partner.contacts[i];
        WireStyle entry(out, contact.mk_id, ledger.options.quirks);
        out.open('{');
        entry.id("mk_id", contact.mk_id);
        entry.id("mk_address_id", contact.address_id);
        if (const auto* address = address_of(partner, contact.address_id)) {
            entry.text("contact_address", address->street);
        }
        write_contact_numbers(entry, contact);
        out.close('}');
    });
    style.list("partner_delivery_address_list", partner.addresses.size(), [&](std::size_t i) {
        const auto& address = partner.addresses[i];
        WireStyle entry(out, address.mk_id, ledger.options.quirks);
        out.open('{');
        entry.id("mk_id", address.mk_id);
        entry.mandatory("address_type", address.type);
        entry.text("street", address.street);
        entry.text("post_number", address.post_number);
        entry.text("city", address.city);
        entry.text("province", address.province);
        entry.text("country", address.country);
        entry.mandatory("payment_due_days", "15");
        entry.mandatory("language", "Slovenski");
        entry.mandatory("currency", "EUR");
        out.close('}');
    });
    out.close('}');
}

void write_document_partner(JsonOut& out, const Ledger& ledger, MkId partner_id, MkId address_id) {
    const Partner* partner = ledger.find_partner(partner_id);
    out.open('{');
    if (partner == nullptr) {
        out.member("mk_id", std::to_string(partner_id)).close('}');
        return;
    }
    WireStyle style(out, partner->mk_id, ledger.options.quirks);
    write_head(style, *partner);
    if (const auto* address = address_of(*partner, address_id)) {
        style.text("street", address->street);
        style.text("post_number", address->post_number);
        style.text("place", address->city);
        style.text("province", address->province);
        style.text("country", address->country);
        if (address->country.starts_with("Slov")) style.mandatory("country_iso_2", "SI");
        style.id("mk_address_id", address->mk_id);
    }
    style.flag("useCustomerAsContact", false);
    if (!partner->contacts.empty()) {
        out.key("partner_contact").open('{');
        write_contact_numbers(style, partner->contacts.front());
        out.close('}');
    }
    out.close('}');
}

}  // namespace metakocka::sim
