#include <algorithm>

#include "endpoints.hpp"
#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

std::string bare_tax_number(std::string_view text) {
    std::string result;
    for (const char c : folded(text)) {
        if (c != ' ') result += c;
    }
    return result.starts_with("si") ? result.substr(2) : result;
}

struct PartnerQuery {
    std::string id, name, tax_number, email, phone;

    explicit PartnerQuery(const Fields& body)
        : id(body.text("partner_id")),
          name(folded(body.text("partner_name"))),
          tax_number(bare_tax_number(body.text("partner_tax_number"))),
          email(folded(body.text("partner_email"))),
          phone(body.text("partner_phone_number")) {
        if (id.empty() && name.empty() && tax_number.empty() && email.empty() && phone.empty()) {
            throw ApiError("2",
                           "One of partner_id, partner_name, partner_tax_number, partner_email, "
                           "partner_phone_number is required.");
        }
    }

    [[nodiscard]] bool accepts(const Partner& partner) const {
        if (!id.empty() && id != std::to_string(partner.mk_id)) return false;
        if (!name.empty() && !contains_folded(partner.customer, name)) return false;
        if (!tax_number.empty() && bare_tax_number(partner.tax_number) != tax_number) return false;
        const auto any = [&](auto&& accepted) {
            return std::any_of(partner.contacts.begin(), partner.contacts.end(), accepted);
        };
        if (!email.empty() && !any([&](const Contact& c) { return contains_folded(c.email, email); }))
            return false;
        return phone.empty() || any([&](const Contact& c) {
                   return c.phone.find(phone) != std::string::npos || c.gsm.find(phone) != std::string::npos;
               });
    }
};

std::string partners_answer(const Ledger& ledger, const std::vector<const Partner*>& found,
                            std::uint64_t nonce) {
    JsonOut out;
    out.reserve(64 + found.size() * 700);
    // No opr_code: that is how the real answer looks.
    out.open('{').member("partner_list_count", std::to_string(found.size()));
    if (found.size() == 1) {
        out.key("partner_list");
        write_partner(out, ledger, *found.front());
    } else if (!found.empty()) {
        out.key("partner_list").open('[');
        for (const auto* partner : found) write_partner(out, ledger, *partner);
        out.close(']');
    } else if (nonce % 2 == 0) {
        out.member("partner_list", "");
    }
    out.close('}');
    return out.take();
}

// Puts what a call sends on a partner; limits are those of the vendor's reference.
class PartnerWriter {
  public:
    explicit PartnerWriter(const CompanyOptions& options) : options_(options) {}

    void head(Partner& partner, const Fields& fields) const {
        text(partner.customer, fields, "customer", 100);
        if (partner.customer.empty()) throw ApiError("2", "Parameter 'customer' is missing.");
        text(partner.tax_number, fields, "tax_id_number", 50);
        text(partner.registration_number, fields, "registration_number", 50);
        flag(partner.business_entity, fields, "business_entity");
        flag(partner.taxpayer, fields, "taxpayer");
        flag(partner.foreign, fields, "foreign_county");
        flag(partner.buyer, fields, "buyer");
        flag(partner.supplier, fields, "supplier");
    }

    // The flat address of the request is the one of invoices.
    void flat_address(Address& address, const Fields& fields) const {
        text(address.city, fields, "place", 100);
        rest_of_address(address, fields);
    }

    void listed_address(Address& address, const Fields& fields) const {
        text(address.type, fields, "address_type", 50);
        if (options_.address_city != "place") text(address.city, fields, "city", 100);
        if (options_.address_city != "city") text(address.city, fields, "place", 100);
        rest_of_address(address, fields);
    }

    void contact(Contact& contact, const Fields& fields) const {
        text(contact.name, fields, fields.has("name") ? "name" : "contact", 255);
        text(contact.phone, fields, "phone", 255);
        text(contact.gsm, fields, "gsm", 255);
        text(contact.fax, fields, "fax", 255);
        text(contact.email, fields, "email", 255);
    }

  private:
    void text(std::string& value, const Fields& fields, std::string_view name, std::size_t limit) const {
        if (!fields.has(name)) return;
        fields.at_most(name, limit);
        auto sent = fields.text(name);
        if (!sent.empty() || options_.partner_empty_clears) value = std::move(sent);
    }

    static void flag(bool& value, const Fields& fields, std::string_view name) {
        if (const auto sent = fields.flag(name)) value = *sent;
    }

    void rest_of_address(Address& address, const Fields& fields) const {
        text(address.street, fields, "street", 150);
        text(address.post_number, fields, "post_number", 20);
        text(address.province, fields, "province", 50);
        text(address.country, fields, "country", 50);
    }

    const CompanyOptions& options_;
};

template <typename List>
auto find_part(List& list, MkId id) {
    const auto at =
        std::find_if(list.begin(), list.end(), [id](const auto& part) { return part.mk_id == id; });
    if (at == list.end()) throw ApiError("2", "Unknown mk_id " + std::to_string(id) + " in partner.");
    return at;
}

void apply_main_address(Ledger& ledger, Partner& partner, const Fields& fields) {
    bool any = false;
    for (const auto* name : {"street", "post_number", "place", "province", "country"})
        any |= fields.has(name);
    if (!any) return;
    const Address* billing = partner.billing_address();
    if (billing == nullptr) {
        Address added;
        added.mk_id = ledger.next_id(Ledger::Kind::kAddress);
        added.type = "Račun";
        partner.addresses.push_back(std::move(added));
        billing = &partner.addresses.back();
    }
    PartnerWriter(ledger.options)
        .flat_address(partner.addresses[static_cast<std::size_t>(billing - partner.addresses.data())],
                      fields);
}

}  // namespace

std::string get_partner(Call& call) {
    const auto& ledger = call.ledger;
    const PartnerQuery query(call.body);
    const bool name_sweep = query.name.size() == 1;
    const bool email_sweep = query.email == "@";
    std::string_view rule = "everything";
    if (name_sweep) rule = ledger.options.partner_sweep;
    if (email_sweep) rule = ledger.options.email_sweep;
    std::vector<const Partner*> found;
    if (rule != "nothing") {
        for (const auto& partner : ledger.partners) {
            if (rule == "capped" && found.size() == ledger.options.sweep_cap) break;
            if (query.accepts(partner)) found.push_back(&partner);
        }
    }
    return partners_answer(ledger, found, call.nonce);
}

std::string add_partner(Call& call) {
    const auto fields = call.body.object("partner");
    if (!fields) throw ApiError("2", "Parameter 'partner' is missing.");
    static_cast<void>(fields->required("customer"));
    auto& ledger = call.ledger;
    Partner partner;
    partner.buyer = false;
    partner.business_entity = false;
    const PartnerWriter writer(ledger.options);
    writer.head(partner, *fields);
    partner.mk_id = ledger.next_id(Ledger::Kind::kPartner);
    partner.count_code = std::to_string(partner.mk_id % 10'000'000 + 50'000);
    Address main;
    main.type = "Račun";
    writer.flat_address(main, *fields);
    main.mk_id = ledger.next_id(Ledger::Kind::kAddress);
    partner.addresses.push_back(std::move(main));
    for (const auto* list : {"partner_delivery_address", "partner_delivery_address_list"}) {
        for (const auto& entry : fields->list(list)) {
            Address address;
            address.mk_id = ledger.next_id(Ledger::Kind::kAddress);
            address.type = "Dobava";
            writer.listed_address(address, entry);
            partner.addresses.push_back(std::move(address));
        }
    }
    for (const auto* list : {"partner_contact", "partner_contact_list"}) {
        for (const auto& entry : fields->list(list)) {
            Contact contact;
            contact.mk_id = ledger.next_id(Ledger::Kind::kContact);
            contact.address_id = partner.addresses.front().mk_id;
            writer.contact(contact, entry);
            partner.contacts.push_back(std::move(contact));
        }
    }
    call.written = partner.mk_id;
    const auto& stored = ledger.insert(std::move(partner));
    JsonOut out;
    out.open('{').member("mk_id", std::to_string(stored.mk_id));
    if (!stored.contacts.empty()) out.member("mk_contact_id", std::to_string(stored.contacts.front().mk_id));
    out.key("mk_address_id_list").open('[');
    for (const auto& address : stored.addresses) {
        out.open('{')
            .member("mk_id", std::to_string(address.mk_id))
            .member("street", address.street)
            .close('}');
    }
    out.close(']').close('}');
    return out.take();
}

std::string update_partner(Call& call) {
    const auto fields = call.body.object("partner");
    if (!fields) throw ApiError("2", "Parameter 'partner' is missing.");
    auto& ledger = call.ledger;
    Partner* partner = nullptr;
    if (const auto id = fields->id("mk_id")) {
        partner = ledger.find_partner(*id);
    } else {
        const auto count_code = fields->required("count_code");
        for (auto& candidate : ledger.partners) {
            if (candidate.count_code == count_code) partner = &candidate;
        }
    }
    if (partner == nullptr) throw ApiError("2", "Partner not found.");
    Partner changed = *partner;
    const PartnerWriter writer(ledger.options);
    writer.head(changed, *fields);
    apply_main_address(ledger, changed, *fields);
    for (const auto& entry : fields->list("partner_delivery_address_list")) {
        if (const auto id = entry.id("mk_id")) {
            writer.listed_address(*find_part(changed.addresses, *id), entry);
        } else {
            Address address;
            address.mk_id = ledger.next_id(Ledger::Kind::kAddress);
            writer.listed_address(address, entry);
            changed.addresses.push_back(std::move(address));
        }
    }
    auto contacts = fields->list("partner_contact_list");
    for (const auto& entry : fields->list("partner_contact")) contacts.push_back(entry);
    for (const auto& entry : contacts) {
        if (const auto id = entry.id("mk_id")) {
            writer.contact(*find_part(changed.contacts, *id), entry);
            continue;
        }
        const auto address_id = entry.id("mk_address_id");
        if (!address_id) throw ApiError("2", "Parameter 'mk_address_id' is missing in partner_contact_list.");
        static_cast<void>(find_part(changed.addresses, *address_id));
        Contact contact;
        contact.mk_id = ledger.next_id(Ledger::Kind::kContact);
        contact.address_id = *address_id;
        writer.contact(contact, entry);
        changed.contacts.push_back(std::move(contact));
    }
    *partner = std::move(changed);
    ++ledger.version;
    call.written = partner->mk_id;
    return partners_answer(ledger, {partner}, call.nonce);
}

}  // namespace metakocka::sim
