// Positions in schema(kind), so that decoding a page of a thousand records compares no names.
// A static_assert in record.cpp keeps them in step with the names.
#pragma once

#include <cstddef>

namespace metakocka::fields {

struct Contact {
    enum : std::size_t {
        kName,
        kTaxNumber,
        kRegistrationNumber,
        kEmail,
        kPhone,
        kMobile,
        kStreet,
        kPostNumber,
        kCity,
        kCountry,
        kIsCompany,
        kIsCustomer,
        kIsSupplier,
        kCount
    };
};

struct Product {
    enum : std::size_t {
        kCode,
        kName,
        kDescription,
        kUnit,
        kBarcode,
        kPrice,
        kCurrency,
        kTaxRate,
        kWeight,
        kSellable,
        kPurchasable,
        kService,
        kCount
    };
};

struct Invoice {
    enum : std::size_t {
        kNumber,
        kKind,
        kDate,
        kDueDate,
        kContactId,
        kCurrency,
        kNet,
        kTax,
        kTotal,
        kPaid,
        kStatus,
        kLines,
        kCount
    };
};

struct Inventory {
    enum : std::size_t { kProductId, kWarehouse, kAmount, kReserved, kFree, kCount };
};

}  // namespace metakocka::fields
