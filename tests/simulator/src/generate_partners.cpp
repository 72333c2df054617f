#include "generator.hpp"

namespace metakocka::sim {
namespace {

constexpr std::string_view kFirst[] = {"Janez", "Špela", "Žiga", "Črtomir", "Maja", "Franc", "Ana", "Luka"};
constexpr std::string_view kLast[] = {"Novak", "Kovačič", "Žagar",   "Šuštar",
                                      "Čeh",   "Krajnc",  "O'Brien", "Bajec"};
constexpr std::string_view kFirms[] = {"3D ART",       "Kovinoplastika Lož", "Žito",  "Čebelca",
                                       "Šport & Šola", "Inter \"Trade\"",    "Müller"};
constexpr std::string_view kForms[] = {"d.o.o.", "s.p.", "d.d.", "GmbH"};
constexpr std::string_view kStreets[] = {"Glavarjeva ulica", "Tehnološki park", "Čebuljeva", "Stegne",
                                         "Cesta na Žago"};
struct Town {
    std::string_view post_number, city;
};
constexpr Town kTowns[] = {{"1000", "Ljubljana"},
                           {"2000", "Maribor"},
                           {"3000", "Celje"},
                           {"4220", "Škofja Loka"},
                           {"1241", "Kamnik"}};
struct Abroad {
    std::string_view post_number, city, country, prefix;
};
constexpr Abroad kAbroad[] = {{"1010", "Wien", "Avstrija", "ATU"},
                              {"10000", "Zagreb", "Hrvaška", "HR"},
                              {"80331", "München", "Nemčija", "DE"}};

// Not operator+: g++ 12 warns wrongly (-Wrestrict) about "text" + std::string in optimised code.
std::string joined(std::string_view first, std::string_view second) {
    std::string result(first);
    result += second;
    return result;
}

Address address(Ledger& ledger, Random& random, std::string type, bool foreign) {
    Address result;
    result.mk_id = ledger.next_id(Ledger::Kind::kAddress);
    result.type = std::move(type);
    result.street = std::string(random.pick(kStreets)) + ' ' + std::to_string(random.between(1, 150));
    if (foreign) {
        const auto place = random.pick(kAbroad);
        result.post_number = place.post_number;
        result.city = place.city;
        result.country = place.country;
    } else {
        const auto place = random.pick(kTowns);
        result.post_number = place.post_number;
        result.city = random.percent(10) ? "LJUBLJANA" : std::string(place.city);
        // Home addresses often leave the country out; both spellings occur.
        if (!random.percent(15)) result.country = random.percent(80) ? "Slovenija" : "Slovenia";
    }
    return result;
}

void add_addresses(Ledger& ledger, Random& random, Partner& partner) {
    if (random.percent(2)) return;  // none at all
    // Račun is not always there, and not always first.
    if (random.percent(15)) partner.addresses.push_back(address(ledger, random, "Dobava", partner.foreign));
    if (!random.percent(5)) {
        partner.addresses.push_back(address(ledger, random, "Račun", partner.foreign));
    } else if (partner.addresses.empty()) {
        partner.addresses.push_back(address(ledger, random, "Poslovna enota", partner.foreign));
    }
    if (random.percent(15))
        partner.addresses.push_back(address(ledger, random, "Poslovna enota", partner.foreign));
}

void add_contacts(Ledger& ledger, Random& random, Partner& partner, std::size_t number) {
    if (partner.addresses.empty() || random.percent(10)) return;
    const auto count = random.percent(20) ? random.between(2, 3) : 1;
    for (std::int64_t i = 0; i < count; ++i) {
        Contact contact;
        contact.mk_id = ledger.next_id(Ledger::Kind::kContact);
        contact.address_id = partner.addresses[random.below(partner.addresses.size())].mk_id;
        contact.name = std::string(random.pick(kFirst)) + ' ' + std::string(random.pick(kLast));
        // The first person often lacks what a later one has.
        if (random.percent(75))
            contact.email = joined("oseba", std::to_string(number)) + '.' + std::to_string(i) + "@test.si";
        if (random.percent(50))
            contact.phone = joined("01 ", std::to_string(random.between(2'000'000, 7'999'999)));
        if (random.percent(60))
            contact.gsm = joined("0", std::to_string(random.between(31'000'000, 71'999'999)));
        if (random.percent(5)) contact.fax = joined("01 5", std::to_string(random.between(100'000, 999'999)));
        partner.contacts.push_back(std::move(contact));
    }
}

void set_tax_number(Ledger& ledger, Random& random, Partner& partner) {
    // Two partners may share one tax number, one with the country prefix and one without.
    if (!ledger.partners.empty() && random.percent(2)) {
        const std::string& other = ledger.partners[random.below(ledger.partners.size())].tax_number;
        if (other.size() > 8 && other.starts_with("SI")) {
            partner.tax_number = other.substr(2);
            return;
        }
        if (other.size() == 8) {
            partner.tax_number = joined("SI", other);
            return;
        }
    }
    const std::string digits = std::to_string(random.between(10'000'000, 99'999'999));
    if (partner.foreign) {
        partner.tax_number = joined(random.pick(kAbroad).prefix, digits);
    } else {
        partner.tax_number = random.percent(60) ? joined("SI", digits) : digits;
        if (random.percent(3)) partner.tax_number.insert(partner.tax_number.begin() + 2, ' ');
    }
}

}  // namespace

Partner generate_partner(Ledger& ledger, Random& random, std::size_t number) {
    Partner partner;
    partner.mk_id = ledger.next_id(Ledger::Kind::kPartner);
    partner.count_code =
        random.percent(80) ? std::to_string(1000 + number) : joined("WE", std::to_string(3'000'000 + number));
    partner.business_entity = random.percent(65);
    partner.foreign = random.percent(15);
    partner.taxpayer = partner.business_entity && random.percent(80);
    partner.buyer = !random.percent(10);
    partner.supplier = random.percent(20);
    if (partner.business_entity) {
        partner.customer = std::string(random.pick(kFirms)) + ' ' + std::to_string(number) + ' ' +
                           std::string(random.pick(kForms));
        if (random.percent(60))
            partner.registration_number = std::to_string(random.between(1'000'000'000, 6'999'999'999));
    } else {
        partner.customer = std::string(random.pick(kLast)) + ' ' + std::string(random.pick(kFirst)) + ' ' +
                           std::to_string(number);
    }
    if (random.percent(1)) partner.customer = joined("¨", partner.customer);
    if (partner.business_entity ? random.percent(92) : random.percent(25))
        set_tax_number(ledger, random, partner);
    add_addresses(ledger, random, partner);
    add_contacts(ledger, random, partner, number);
    return partner;
}

}  // namespace metakocka::sim
