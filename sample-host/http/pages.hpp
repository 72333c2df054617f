// The pages: one shell for all of them, and the files they load.
#pragma once

#include "http/router.hpp"

namespace crm::sample {

class Pages {
  public:
    void mount(Router& router);

  private:
    static void shell(Exchange& exchange);
    static void login(Exchange& exchange);
    static void file(Exchange& exchange);
};

}  // namespace crm::sample
