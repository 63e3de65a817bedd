import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { createApp } from './app.ts';
import { speakTo } from './locales/locale.ts';
import { mendLanguage } from './locales/mend-language.ts';
import './styles.css';
import { ToastProvider } from './ui/toast.tsx';

// The page's content security policy forbids making code from text, which zod tries otherwise.
z.config({ jitless: true });

mendLanguage(navigator);
const direction = await speakTo(navigator.languages);

const { client, router } = createApp();

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no element #root');
createRoot(container).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        {/* The policy forbids style elements; what Base UI would put into them (scrollbars) is not needed here. */}
        <CSPProvider disableStyleElements>
          <DirectionProvider direction={direction}>
            {/* Within the router: what toasts say may lead somewhere. */}
            <RouterProvider router={router} InnerWrap={ToastProvider} />
          </DirectionProvider>
        </CSPProvider>
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
