// /api/contacts, /api/products, /api/invoices, /api/inventory.
#pragma once

#include "http/router.hpp"
#include "records/kind.hpp"
#include "store/database.hpp"

namespace crm::sample {

class RecordsApi {
  public:
    explicit RecordsApi(Database& database) : database_(database) {}
    void mount(Router& router);

  private:
    void list(Exchange& exchange, const Kind& kind);
    void show(Exchange& exchange, const Kind& kind);
    void create(Exchange& exchange, const Kind& kind);
    void change(Exchange& exchange, const Kind& kind);
    void remove(Exchange& exchange, const Kind& kind);

    Database& database_;
};

}  // namespace crm::sample
