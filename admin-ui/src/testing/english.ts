import { speakEnglish } from '../locales/locale.ts';

speakEnglish();
